import { type FlowDefinition, nodeCalled, type StepDefinition } from '#systems/flows';

/** The longest that a flow of the demo waits for an answer, and for nothing, in seconds. */
export const LONGEST_WAITS = { wait_answer: 1, explicit_wait: 0.3 } as const;

/**
 * The same flow for somebody who watches it: its waits are short, and its webhooks come to the demo's own receiver,
 * whatever URL they name.
 */
export function hurried(definition: FlowDefinition): FlowDefinition {
  const steps = Object.entries(definition.steps).map(([name, step]) => [name, hurriedStep(step)]);
  return { ...definition, steps: Object.fromEntries(steps) };
}

/** How many answers the flow can take: one for each visit of a step that waits for one. */
export function answersTaken({ steps }: FlowDefinition): number {
  return Object.values(steps)
    .filter(({ node }) => nodeCalled(node) === 'wait_answer')
    .reduce((sum, { max_visits = 1 }) => sum + max_visits, 0);
}

function hurriedStep(step: StepDefinition): StepDefinition {
  const { config = {} } = step;
  switch (nodeCalled(step.node)) {
    case 'wait_answer':
      return { ...step, config: shortened(config, 'timeout_seconds', LONGEST_WAITS.wait_answer) };
    case 'explicit_wait':
      return { ...step, config: shortened(config, 'seconds', LONGEST_WAITS.explicit_wait) };
    case 'webhook': {
      const { url: _theirs, ...rest } = config;
      return { ...step, config: rest };
    }
    default:
      return step;
  }
}

function shortened(config: NonNullable<StepDefinition['config']>, member: string, most: number) {
  const seconds = config[member];
  return { ...config, [member]: typeof seconds === 'number' ? Math.min(seconds, most) : most };
}
