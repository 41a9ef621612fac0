import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, WorkflowFailedError } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { heldByServer } from '#fixtures/encryption/held-by-server';
import { bundleOf } from '#fixtures/workers/bundle-of';
import { runWorker } from '#server';
import { encryptingDataConverter } from '#temporal/encryption';
import type { Temporal } from '#testkit';
import { it } from '#testkit/vitest';

const WORKFLOWS = fileURLToPath(
  new URL('../../../fixtures/workflows/workflows.ts', import.meta.url),
);
const dataConverter = encryptingDataConverter([{ id: '2026', secret: randomBytes(32) }]);

describe('a failure that a workflow throws itself, under an encrypting converter', () => {
  it('is legible for the server, where the bundle was built without it', async ({ temporal }) => {
    const workflowBundle = await bundleOf(WORKFLOWS);

    const { told, held } = await failWith(temporal, (options) =>
      temporal.runWorker({ ...options, workflowBundle }),
    );

    expect(told, 'what the client is told').toBe('The run fails');
    expect(held, 'what the server holds').toContain('The run fails');
  });

  it('is legible for the client alone, where runWorker builds the bundle', async ({ temporal }) => {
    const { nativeConnection: connection } = temporal;

    const { told, held } = await failWith(temporal, (options) =>
      runWorker({ connection, debugMode: true, workflowsPath: WORKFLOWS, ...options }),
    );

    expect(told, 'what the client is told').toBe('The run fails');
    expect(held, 'what the server holds').not.toContain('The run fails');
  });
});

async function failWith(
  { client: { connection }, taskQueue }: Temporal,
  run: (options: WorkerOptions) => Promise<AsyncDisposable>,
) {
  const client = new Client({ connection, dataConverter });
  const workflowId = `order-${uuid()}`;
  await using _worker = await run({ taskQueue, dataConverter });

  const failure = await client.workflow
    .execute('OrderWorkflow', {
      workflowId,
      taskQueue,
      workflowExecutionTimeout: '1 minute',
      args: [{ orderId: workflowId, cell: 'encrypted', steps: [], ending: 'failure' }],
    })
    .catch((error: unknown) => error);

  const { cause } = failure instanceof WorkflowFailedError ? failure : {};
  return { told: cause?.message, held: await heldByServer(client, workflowId) };
}
