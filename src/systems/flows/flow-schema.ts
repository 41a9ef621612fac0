import { z } from 'zod';
import { NOT_STORABLE, STORABLE } from './nodes/storable.ts';

const stepName = z.string().min(1).max(255).regex(STORABLE, NOT_STORABLE);

const step = z.strictObject({
  node: z.string().describe('The node that works on this step.'),
  config: z.looseObject({}).optional().describe('For the node; see `GET /nodes`.'),
  go_to: stepName
    .optional()
    .describe('The next step where the condition has no branch for the event.'),
  condition: z
    .strictObject({
      satisfied: stepName.optional(),
      not_satisfied: stepName.optional(),
      timeout: stepName.optional(),
    })
    .optional()
    .describe('The next step, by what the node says.'),
  max_visits: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('How often the step may be visited; a loop on purpose needs it on one of its steps.'),
});

/** The shape of a definition. What it means is looked at by `flawsOf`. */
export const flowSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,100}$/, 'has to be 1 to 100 letters, digits, _, - and .')
    .describe('Stands in front of each workflow ID.'),
  version: z.string().min(1).max(100).default('1'),
  start_step: z.string(),
  steps: z.record(stepName, step).refine((steps) => Object.keys(steps).length <= MAX_STEPS, {
    message: `has to have at most 10000 steps`,
  }),
});

/** The most steps that a definition may have. */
export const MAX_STEPS = 10_000;
