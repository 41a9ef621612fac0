import type { EffectDeps } from '../../effect-deps.ts';
import type { Effect } from '../node.ts';
import { recipientOf } from '../recipient.ts';
import type { Config } from './schema.ts';

/** Puts a message into the outbox. */
export function effect({ outbox }: EffectDeps): Effect<Config> {
  return async ({ to, text }, { flow, step, input }, { key, tenant, asker }) => {
    const recipient = recipientOf(to, input.customer_id, 'customer');
    const entry = { kind: 'message' as const, to: recipient, text, flow, step, tenant };
    const { id } = await outbox.put(key, entry, asker);
    return { event: 'condition_satisfied', output: { message_id: id, to: recipient } };
  };
}
