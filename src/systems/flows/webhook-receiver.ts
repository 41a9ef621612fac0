import { randomUUID } from 'node:crypto';
import type { Request, Router } from 'express';
import {
  createRouter,
  idempotencyOf,
  idempotent,
  jsonBody,
  methodNotAllowed,
  objectBody,
  problemHandler,
  tenantOf,
} from '#http';
import { createMemoryIdempotencyStore, type Effect, scoped } from '#idempotency';

/** One webhook that was taken: an effect of ours, in another company's books. */
export interface WebhookEffect extends Effect {
  /** The receiver's name for it. */
  readonly id: string;
  readonly flow: string;
  readonly step: string;
  readonly workflowId: string;
}

/** What a receiver has taken. */
export interface WebhookLedger {
  add(webhook: Omit<WebhookEffect, 'id' | 'at'>): WebhookEffect;
  /** Oldest first. */
  effects(): Promise<readonly WebhookEffect[]>;
}

/** In this process's memory: gone with it. @param now milliseconds since the epoch */
export function createWebhookLedger({
  now = Date.now,
}: {
  now?: () => number;
} = {}): WebhookLedger {
  const taken: WebhookEffect[] = [];
  return {
    add(webhook) {
      const effect = Object.freeze({ ...webhook, id: `wh-${randomUUID()}`, at: now() });
      taken.push(effect);
      return effect;
    },
    effects: async () => [...taken],
  };
}

/**
 * The other company: `POST /receiver/webhooks` takes a webhook, once for each `Idempotency-Key`, and `GET` shows what was
 * taken.
 *
 * Trap: books and keys are in memory. A receiver that is started again has forgotten them, and a retry that comes then is
 * a new webhook.
 */
export function createWebhookReceiver({ ledger }: { readonly ledger: WebhookLedger }): Router {
  const keys = createMemoryIdempotencyStore();
  const once = idempotent({
    store: keys,
    tenant: (request) => scoped(tenantOf(request), 'public'),
  });
  const router = createRouter();
  router
    .route('/receiver/webhooks')
    .post(jsonBody({ limitBytes: MAX_BYTES }), once, (request, response) => {
      const { id } = ledger.add({
        ...read(request),
        key: idempotencyOf(request, keys).key,
        by: 'receiver',
      });
      response.status(201).json({ id });
    })
    .get(async (_request, response) => {
      response.json({ webhooks: (await ledger.effects()).map(told) });
    })
    .all(methodNotAllowed('POST', 'GET', 'HEAD'));
  router.use(problemHandler());
  return router;
}

/** The input of a flow comes along, which may be as large as Temporal takes one. */
const MAX_BYTES = 2 * 1024 * 1024;

function read(request: Request) {
  const { flow, step, workflow_id } = objectBody(request);
  return { flow: text(flow), step: text(step), workflowId: text(workflow_id) };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : 'unknown';
}

function told({ id, key, flow, step, workflowId, at }: WebhookEffect) {
  return { id, key, flow, step, workflow_id: workflowId, received_at: new Date(at).toISOString() };
}
