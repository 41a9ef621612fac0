import type { EffectDeps } from '../../effect-deps.ts';
import type { Effect } from '../node.ts';
import type { Config } from './schema.ts';

/** Tells another company, which knows our key. A no is an answer. */
export function effect({ webhooks }: EffectDeps): Effect<Config> {
  return async ({ url, body }, { flow, step, visit, input }, { key, workflowId, signal }) => {
    const told = await webhooks.post({
      key,
      url,
      body: { ...body, flow, step, visit, workflow_id: workflowId, input },
      signal,
    });
    const event = told.is === 'taken' ? 'condition_satisfied' : 'condition_not_satisfied';
    return { event, output: { status: told.status } };
  };
}
