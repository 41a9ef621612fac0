import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { v4 as uuid } from 'uuid';
import { describe, expect, inject, vi } from 'vitest';
import { heldByServer } from '#fixtures/encryption/held-by-server';
import {
  createMemoryAccountStore,
  createPostgresAccountStore,
  type Fee,
  feeWorkerOptions,
  feeWorkflowId,
  postDurableFee,
} from '#systems/fees';
import { pollersOf, workerIdentity } from '#temporal/pollers';
import type { Temporal } from '#testkit';
import { it } from '#testkit/database';
import { press } from './command.ts';
import { pressHere } from './here.ts';

const POSTGRES = ['--store', 'postgres'];

describe('press-twice worker, and serve --no-worker in another process', () => {
  it('take a fee together, encrypted for the server, and the worker ends with what it has begun', async ({
    temporal,
    database,
    databaseUrl,
  }) => {
    const env = {
      TEMPORAL_ADDRESS: temporal.address,
      FEE_TASK_QUEUE: temporal.taskQueue,
      SUPERSCRIPT_TASK_QUEUE: `${temporal.taskQueue}-scripts`,
      DATABASE_URL: databaseUrl,
      PAYLOAD_KEYS: `2026:${randomBytes(32).toString('base64')}`,
    };
    await using worker = press(['worker', ...POSTGRES, '--delay', '500-500'], env);
    const http = pressHere(['serve', '--no-worker', '--port', '0', ...POSTGRES], env);
    const [, url = ''] = await http.said(/^listening on (http:\S+)\n/);
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const later = uuid();
    const accounts = createPostgresAccountStore({ database });

    await worker.said('stdout', /^polling /);
    const paid = await postDurableFee(url, fee);
    await acceptFee(`${url}/orders/${later}/fee`);
    await untilWorking(temporal.client, feeWorkflowId(later));
    worker.kill('SIGTERM');
    const { exitCode, stdout, stderr } = await worker.finished;
    process.emit('SIGINT', 'SIGINT');

    expect((await http.finished).exitCode, 'exit code of the HTTP process').toBe(0);
    expect(paid.body.new_balance).toBe(2500 - 10);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `polling ${env.FEE_TASK_QUEUE}, ${env.SUPERSCRIPT_TASK_QUEUE}\n`,
    });
    expect(stderr).toContain('draining\n');
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect(await accounts.effects(), 'the fee that was under way').toHaveOneEffect(later);
    const held = await heldByServer(temporal.client, feeWorkflowId(fee.orderId));
    expect(held, 'what the server holds').not.toContain('alice');
  });
});

describe('a part of several processes', () => {
  it.for<[string, readonly string[], Record<string, string>, RegExp]>([
    ['without a server', ['worker', ...POSTGRES], { TEMPORAL_ADDRESS: '' }, /TEMPORAL_ADDRESS$/],
    ['with accounts in memory', ['worker'], {}, /--store postgres, .+DATABASE_URL$/],
    [
      'with a database of its own',
      ['worker', ...POSTGRES],
      {},
      /--store postgres, .+DATABASE_URL$/,
    ],
    [
      'without a server',
      ['serve', '--no-worker', ...POSTGRES],
      { TEMPORAL_ADDRESS: '' },
      /TEMPORAL_ADDRESS$/,
    ],
    ['with accounts in memory', ['serve', '--no-worker'], {}, /--store postgres, .+DATABASE_URL$/],
  ])('does not start %s: %j', async ([, args, env, says]) => {
    const { exitCode, stdout, stderr } = await refusalOf(args, { ...ofSharedServer(), ...env });

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^press-twice .+ is a part of several processes.+\n$/);
    expect(stderr.trim()).toMatch(says);
  });

  it('does not start with accounts in memory where another worker polls the task queue', async ({
    temporal,
  }) => {
    const accounts = createMemoryAccountStore({ balancesCents: {} });
    const env = { ...ofSharedServer(), FEE_TASK_QUEUE: temporal.taskQueue };
    const { taskQueue } = temporal;
    await using _other = await temporal.runWorker(feeWorkerOptions({ accounts, taskQueue }));
    await untilPolled(temporal);

    const { exitCode, stdout, stderr } = await refusalOf(['serve', '--port', '0'], env);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^Another worker polls "test-.+add --store postgres to all, or .+\n$/);
  });

  it('does not start with a database where another worker has its accounts in memory', async ({
    temporal,
    databaseUrl,
  }) => {
    const { taskQueue } = temporal;
    const env = { ...ofSharedServer(), FEE_TASK_QUEUE: taskQueue };
    const accounts = createMemoryAccountStore({ balancesCents: {} });
    await using _other = await temporal.runWorker({
      ...feeWorkerOptions({ accounts, taskQueue }),
      identity: workerIdentity('accounts in memory'),
    });
    await untilPolled(temporal);

    const refused = await refusalOf(['worker', ...POSTGRES], { ...env, DATABASE_URL: databaseUrl });

    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/^Another worker polls .+accounts in memory\), and .+\n$/);
  });
});

function ofSharedServer(): Record<string, string> {
  const { address } = inject('testServer');
  return { TEMPORAL_ADDRESS: address, FEE_TASK_QUEUE: `test-${uuid()}` };
}

/** Runs a command that ought to refuse its start. One that starts all the same is ended. */
async function refusalOf(args: readonly string[], env: Record<string, string>) {
  const command = pressHere(args, env);
  void command.said(/^(polling|listening)/).then(() => process.emit('SIGINT', 'SIGINT'));
  return await command.finished;
}

async function untilPolled({ client, taskQueue }: Temporal): Promise<void> {
  await vi.waitFor(async () => expect(await pollersOf(client, taskQueue)).not.toEqual([]));
}

/** Asks for a fee of alice's without waiting for its run. */
async function acceptFee(url: string): Promise<void> {
  const { status } = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Prefer: 'respond-async' },
    body: JSON.stringify({ account_id: 'alice', amount: 10 }),
  });
  expect(status).toBe(202);
}

/** Asks until a worker has the activity of a run: one that has nothing yet would end at once. */
async function untilWorking({ connection }: Client, workflowId: string): Promise<void> {
  const asked = { namespace: 'default', execution: { workflowId } };
  await vi.waitFor(async () => {
    const { pendingActivities } = await connection.workflowService.describeWorkflowExecution(asked);
    expect(pendingActivities?.map(({ state }) => state)).toEqual([STARTED]);
  });
}

const STARTED = 2;
