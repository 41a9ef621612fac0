import {
  createWebhookClient,
  createWebhookLedger,
  createWebhookReceiver,
  type Webhooks,
} from '#systems/flows';
import { type OwnService, type OwnServiceOptions, openOwnService } from './own-service.ts';

/** A receiver of webhooks for a house that has no other, in this process. */
export interface OwnReceiver extends OwnService {
  /** Reaches it over HTTP, as any other. */
  readonly webhooks: Webhooks;
}

export interface OwnReceiverOptions extends Pick<OwnServiceOptions, 'tenants'> {
  /** Whom else a step may name; see `WebhookClientOptions`. */
  readonly hosts?: readonly string[] | undefined;
}

/**
 * `/receiver/webhooks`: where webhooks go whose steps name no URL.
 *
 * Trap: its books and keys are in memory. Nothing that it knows outlives the process, and two processes have two of them:
 * several share one by FLOW_WEBHOOK_URL.
 */
export async function openOwnReceiver({
  tenants,
  hosts,
}: OwnReceiverOptions): Promise<OwnReceiver> {
  const ledger = createWebhookLedger();
  const routes = () => createWebhookReceiver({ ledger });
  const own = await openOwnService({ tenants, path: '/receiver', routes });
  const { address } = own;
  const url = `${address.url}/receiver/webhooks`;
  return { ...own, webhooks: createWebhookClient({ ...address, url, hosts }) };
}
