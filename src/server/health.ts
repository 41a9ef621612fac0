import type { Client } from '@temporalio/client';
import type { Router } from 'express';
import { createRouter, methodNotAllowed, problemHandler, temporalAway } from '#http';

/**
 * `GET /health`: 200 where the Temporal server answers within a second, else 503. It is for whoever watches this process,
 * and asks for no credentials.
 *
 * Trap: it says nothing of workers. A server that nobody works for is healthy.
 */
export function createHealthRouter(client: Client): Router {
  const router = createRouter();
  const check = shared(async () => {
    await client.withDeadline(Date.now() + WITHIN_MS, () =>
      client.workflowService.getSystemInfo({}),
    );
  });
  router
    .route('/health')
    .get(async (_request, response) => {
      await check().catch((cause: unknown) => {
        throw temporalAway({
          detail: 'The Temporal server does not answer',
          retryAfterSeconds: 5,
          cause,
        });
      });
      response.json({ status: 'ok' });
    })
    .all(methodNotAllowed('GET', 'HEAD'));
  // Nobody else is told: whoever asks each second hears it each second.
  router.use(problemHandler());
  return router;
}

const WITHIN_MS = 1_000;

/** Anybody may ask, and however many do at once, the server is asked once. */
function shared(task: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> | undefined;
  return () => {
    underWay ??= task().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}
