import type { EffectDeps } from '../../effect-deps.ts';
import type { Effect } from '../node.ts';
import { recipientOf } from '../recipient.ts';
import type { Config } from './schema.ts';

/** Tells the creator, with the answer that came last. */
export function effect({ outbox }: EffectDeps): Effect<Config> {
  return async ({ to, text }, { flow, step, input, waited }, { key, tenant, asker }) => {
    const recipient = recipientOf(to, input.creator_id, 'creator');
    const { answer } = waited.output;
    const told = answer === undefined ? text : `${text} ${JSON.stringify(answer)}`;
    const entry = { kind: 'notification' as const, to: recipient, text: told, flow, step, tenant };
    const { id } = await outbox.put(key, entry, asker);
    return { event: 'condition_satisfied', output: { notification_id: id, to: recipient } };
  };
}
