import type { Client } from '@temporalio/client';
import type { RequestHandler, Router } from 'express';
import type { Config } from '#config';
import {
  createFlowRouter,
  createFlows,
  type FlowDefinition,
  flowWorkerOptions,
  type OnFlowProgress,
  type Outbox,
  type Webhooks,
  webhookHosts,
} from '#systems/flows';

/** What flows need beside the configuration; a house without it has none. */
export interface FlowsPart {
  /** Where messages and notifications are written. */
  readonly outbox: Outbox;
  /** Those that can be started by name; without it there are none. */
  readonly catalog?: ReadonlyMap<string, FlowDefinition> | undefined;
  /** Whom the worker tells. Without them it does not poll: a flow that it cannot finish it does not begin. */
  readonly webhooks?: Webhooks | undefined;
  /** A receiver's own routes on the same port, in front of the entrance: another company, which knows its clients itself. */
  readonly receiverRouter?: Router | undefined;
  readonly onProgress?: OnFlowProgress | undefined;
}

interface RoutersOptions {
  readonly config: Config;
  readonly temporal: { readonly client: Client };
  readonly limit?: RequestHandler;
}

/** Its routes. */
export function createFlowsRouters(
  { catalog = new Map(), onProgress }: FlowsPart,
  { config, temporal: { client }, limit }: RoutersOptions,
): readonly Router[] {
  const { flowTaskQueue: taskQueue, fingerprintKey, flowWebhookUrl: url } = config;
  const flows = createFlows({ client, taskQueue, fingerprintKey, onProgress });
  const router = createFlowRouter({
    flows,
    catalog,
    businessKeys: BUSINESS_KEYS,
    allowsWebhook: webhookHosts({ url, hosts: config.flowWebhookHosts }),
    reserved: RESERVED_NAMES,
    limit,
    onProgress,
  });
  return [router];
}

/** How the workflow IDs of the other systems begin, and those of schedules: an ID that is taken is a day that is lost. */
export const RESERVED_NAMES: readonly string[] = [
  'FEE-WF-',
  'FEE-BATCH-',
  'SinglePaymentCollectionWorkflow-',
  'OrchestratorWorkflow-',
  'inventory-',
  'order-',
  'process-payment-',
  'due:',
];

/** Which member of its input a flow of the package is about, where it is not a cart. */
export const BUSINESS_KEYS: ReadonlyMap<string, string> = new Map([
  ['order_follow_up', 'order_id'],
]);

/** What its worker needs; none where there is nobody to tell. */
export function flowWork(
  { outbox, webhooks, onProgress }: FlowsPart,
  { flowTaskQueue: taskQueue }: Config,
) {
  if (webhooks === undefined) return [];
  return [flowWorkerOptions({ taskQueue, outbox, webhooks, onProgress })];
}
