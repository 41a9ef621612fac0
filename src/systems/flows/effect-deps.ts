import type { Outbox } from './outbox.ts';
import type { Webhooks } from './webhooks.ts';

/** What the effects of the nodes reach the world by. */
export interface EffectDeps {
  readonly outbox: Pick<Outbox, 'put'>;
  readonly webhooks: Webhooks;
}
