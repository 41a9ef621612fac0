import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { asker, ownRun } from '#temporal/activity';
import type { EffectDeps } from './effect-deps.ts';
import { WebhookUnavailableError } from './errors.ts';
import { stepKey } from './ids.ts';
import { EFFECTS } from './nodes/effects.ts';
import type { Effect, EffectContext, StepResult } from './nodes/node.ts';
import { SCHEMAS } from './nodes/schemas.ts';
import type { OnFlowProgress } from './progress.ts';

/** One visit of one step, as it crosses a boundary. */
export interface EffectInput extends EffectContext {
  readonly tenant?: string;
  /** As the definition has it. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** One activity a node, with its name. */
export type FlowActivities = Record<
  keyof typeof EFFECTS,
  (input: EffectInput) => Promise<StepResult>
>;

export interface FlowActivitiesOptions extends EffectDeps {
  readonly onProgress?: OnFlowProgress | undefined;
}

/** The effects of the nodes, as activities: each executes at least once, under a key of its visit. */
export function createFlowActivities(options: FlowActivitiesOptions): FlowActivities {
  return {
    send_message: activityOf('send_message', options),
    notify_creator: activityOf('notify_creator', options),
    webhook: activityOf('webhook', options),
  };
}

function activityOf(node: keyof typeof EFFECTS, deps: FlowActivitiesOptions) {
  const effect = EFFECTS[node](deps) as Effect<unknown>;
  return async ({ tenant, config, ...context }: EffectInput): Promise<StepResult> => {
    const { workflowId } = ownRun();
    const tools = {
      key: stepKey(workflowId, context.step, context.visit),
      tenant,
      workflowId,
      asker: asker(),
      signal: Context.current().cancellationSignal,
    };
    try {
      return await effect(SCHEMAS[node].parse(config), context, tools);
    } catch (error) {
      throw asWished(error);
    }
  };
}

/**
 * A receiver that says when to come again is asked then, and not before. One that says "at once" leaves it to the policy:
 * the server takes a delay of nothing for the end of all attempts.
 */
function asWished(error: unknown): unknown {
  if (!(error instanceof WebhookUnavailableError) || !error.retryAfterMs) return error;
  return ApplicationFailure.create({
    message: error.message,
    type: error.name,
    cause: error,
    nextRetryDelay: error.retryAfterMs,
  });
}
