import { ApplicationFailure } from '@temporalio/common';
import type { WorkerOptions } from '@temporalio/worker';
import { v4 as uuid } from 'uuid';
import { describe, expect, inject } from 'vitest';
import { openOrders } from '#fixtures/orders/house';
import { createPostgresIdempotencyStore, type IdempotencyStore } from '#idempotency';
import { createFees, createMemoryAccountStore, feeWorkerOptions } from '#systems/fees';
import { type OrderInput, orderWorkflowId } from '#systems/orders';
import { registerNamespace } from '#temporal/register-namespace';
import { type Fault, resetToStart } from '#testkit';
import { it } from '#testkit/database';
import { runHere } from './here.ts';

// A test has no minute to wait, and no five attempts.
const AT_ONCE = ['stuck', '--json', '--older-than=0s', '--attempts=2'];
const PATIENCE = { timeout: 60_000, interval: 300 };

describe('press-twice stuck', () => {
  it('finds a workflow task and an activity that are tried over and over, with what they said last', async ({
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    const accounts = createMemoryAccountStore({ balancesCents: new Map([['acc-1', 100_00]]) });
    // As in production: an error in workflow code fails its task, and not its run.
    const options = {
      ...feeWorkerOptions({ accounts, taskQueue }),
      workflowFailureErrorTypes: { '*': [] },
    } satisfies WorkerOptions;
    const faults = [failing('deductFee', 'The bank is closed')];
    await using _worker = await temporal.runWorker(options, { faults, shrink: false });
    const orderId = `order-${uuid()}`;
    const fees = createFees({ client, taskQueue, accounts });
    const paying = await fees.start({ orderId, accountId: 'acc-1', amountCents: 10_00 });
    const workflowId = `UNKNOWN-${uuid()}`;
    const unknown = await client.workflow.start('nobodyHasDeployedThis', {
      workflowId,
      taskQueue,
      workflowExecutionTimeout: '5 minutes',
    });

    const look = () => stuckOn(taskQueue);
    const kinds = async () => (await look()).stuck.map(({ kind }) => kind).toSorted();
    await expect.poll(kinds, PATIENCE).toEqual(['activity', 'workflow task']);
    const { exitCode, stuck } = await look();
    const part = await stuckOn(taskQueue, '--most=1');
    await unknown.terminate();
    await client.workflow.getHandle(paying.workflowId).terminate();

    expect(exitCode).toBe(1);
    expect(part.stderr).toMatch(/^looked at 1 open runs, and there are more: /);
    expect(stuck).toContainEqual(
      expect.objectContaining({
        kind: 'workflow task',
        id: workflowId,
        what: expect.stringMatching(/fails its workflow task, attempt \d+ \(.*nobodyHasDeployed/),
        mend: expect.stringContaining('deploy'),
      }),
    );
    expect(stuck).toContainEqual(
      expect.objectContaining({
        kind: 'activity',
        id: paying.workflowId,
        what: expect.stringMatching(
          /^activity \w+ of .* is at attempt \d+ \(The bank is closed\)$/,
        ),
      }),
    );
    await expect.poll(async () => (await look()).exitCode, PATIENCE).toBe(0);
  });

  it('finds an order whose refund is not made, once, also when its run was reset and terminated', async ({
    temporal,
  }) => {
    await using house = await openOrders(temporal, {
      refuses: () => 'there is no tea left',
      refusesRefund: () => 'the account is closed',
    });
    const order = oneTea();
    const id = orderWorkflowId(order.order_id);
    await house.orders.place(order);
    const look = () => stuckOn(temporal.taskQueue);
    const refunds = async () => (await look()).stuck.filter(({ kind }) => kind === 'refund');

    await expect.poll(refunds, PATIENCE).toEqual([
      expect.objectContaining({
        id,
        what: `order ${id} is REFUND_PENDING`,
        mend: expect.stringContaining('retry-compensation'),
      }),
    ]);

    // The run that was reset is no order's last: the one after it tells how things are.
    await resetToStart(temporal.client, id);
    const waits = async () => (await house.orders.state(order.order_id))?.order?.waits_for_person;
    await expect.poll(waits, PATIENCE).toBe(true);
    await temporal.client.workflow.getHandle(id).terminate();

    await expect.poll(refunds, PATIENCE).toEqual([
      expect.objectContaining({
        id,
        what: `order ${id} is REFUND_PENDING, and its run is TERMINATED`,
      }),
    ]);
  });

  it('exits with 2 where it has found nothing, and has not looked at all runs', async ({
    temporal,
  }) => {
    // Nobody works on these, so nothing of them fails.
    const taskQueue = `waiting-${uuid()}`;
    const waiting = [1, 2].map((n) =>
      temporal.client.workflow.start('nobodyWorksOnThis', {
        workflowId: `${taskQueue}-${n}`,
        taskQueue,
        workflowExecutionTimeout: '5 minutes',
      }),
    );
    const runs = await Promise.all(waiting);
    const look = () => stuckOn(taskQueue, '--most=1');
    await expect.poll(async () => (await look()).stderr, PATIENCE).toContain('there are more');

    const [part, all] = [await look(), await stuckOn(taskQueue)];
    for (const run of runs) await run.terminate();

    expect(part.exitCode).toBe(2);
    expect(part.stderr).toMatch(
      /^looked at 1 open runs, .*\nnothing is stuck in what was looked at\n$/,
    );
    expect([all.exitCode, all.stderr]).toEqual([0, 'nothing is stuck\n']);
  });

  it('says that more refunds wait than it was to tell of', async ({ temporal }) => {
    await using house = await openOrders(temporal, {
      refuses: () => 'there is no tea left',
      refusesRefund: () => 'the account is closed',
    });
    for (const order of [oneTea(), oneTea()]) await house.orders.place(order);
    const look = async (...more: string[]) => {
      const { stuck, stderr } = await stuckOn(temporal.taskQueue, ...more);
      return { refunds: stuck.filter(({ kind }) => kind === 'refund').length, stderr };
    };
    await expect.poll(async () => (await look()).refunds, PATIENCE).toBe(2);

    const { refunds, stderr } = await look('--most=1');

    expect(refunds, 'refunds that it tells of').toBe(1);
    expect(stderr).toMatch(/^tells of 1 refunds, and there are more: /m);
  });

  it.for([
    ['no task queue', ['--task-queue='], 2, 'It has to be a name'],
    ['a task queue that has no runs', ['--task-queue=a"b\\'], 0, 'nothing is stuck'],
    ['a time before all runs', ['--older-than=999999d'], 0, 'nothing is stuck'],
  ] as const)('takes %s for what it is', async ([, flags, exitCode, said], { temporal }) => {
    const ended = await runHere(['stuck', ...flags], { TEMPORAL_ADDRESS: temporal.address });

    expect([ended.exitCode, ended.stdout]).toEqual([exitCode, '']);
    expect(ended.stderr).toContain(said);
  });

  it('finds nothing in a namespace that knows no orders', async ({ temporal }) => {
    const namespace = `no-orders-${uuid()}`;
    const wish = { namespace, retentionMs: 3_600_000, searchAttributes: [] };
    await registerNamespace(temporal.client.connection, wish);

    const ended = await runHere(['stuck'], {
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: namespace,
    });

    expect(ended).toEqual({ exitCode: 0, stdout: '', stderr: 'nothing is stuck\n' });
  });

  it('finds a key that is past its lease, and leaves the one that is not', async ({
    database,
    databaseUrl,
  }) => {
    await loseAnswer(
      createPostgresIdempotencyStore({ database, effects: 'outside', leaseMs: 0 }),
      'order-1/charge',
    );
    await loseAnswer(
      createPostgresIdempotencyStore({ database, effects: 'outside' }),
      'order-2/charge',
    );

    const env = { DATABASE_URL: databaseUrl };
    const now = await runHere(['stuck', '--older-than=0s'], env);
    const later = await runHere(['stuck', '--older-than=1h'], env);

    expect(now.exitCode).toBe(1);
    expect(now.stdout).toMatch(
      /^key "order-1\/charge" is in flight, and its lease ended at \S+: look whether its effect happened, then settle\("order-1\/charge", \d+, …\).*\n$/,
    );
    expect(later).toEqual({ exitCode: 0, stdout: '', stderr: 'nothing is stuck\n' });
  });

  it('exits with 2 where it could not look everywhere that is named, and tells what it has seen', async ({
    database,
    databaseUrl,
  }) => {
    await loseAnswer(
      createPostgresIdempotencyStore({ database, effects: 'outside', leaseMs: 0 }),
      'order-1/charge',
    );
    const { url: empty } = inject('testDatabases');

    const nowhere = await runHere(['stuck']);
    const memory = await runHere(['stuck', '--store=memory'], { DATABASE_URL: databaseUrl });
    const noTable = await runHere(['stuck'], { DATABASE_URL: empty });
    const half = await runHere(['stuck', '--older-than=0s'], {
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    });

    const exits = [nowhere, memory, noTable, half].map(({ exitCode }) => exitCode);
    expect(exits).toEqual([2, 2, 2, 2]);
    expect(nowhere.stderr).toContain('name a server in TEMPORAL_ADDRESS, or a database');
    expect(noTable.stderr).toContain('The keys cannot be read: relation "idempotency_keys"');
    expect(half.stdout, 'what it has seen').toContain('order-1/charge');
    expect(half.stderr).toContain('No Temporal server answers at 127.0.0.1:1');
  });
});

interface Seen {
  readonly kind: string;
  readonly id: string;
}

/** Other tests have runs on this server too. */
async function stuckOn(taskQueue: string, ...more: readonly string[]) {
  const { address } = inject('testServer');
  const ended = await runHere([...AT_ONCE, `--task-queue=${taskQueue}`, ...more], {
    TEMPORAL_ADDRESS: address,
  });
  const { stuck } = JSON.parse(ended.stdout) as { stuck: readonly Seen[] };
  return { ...ended, stuck };
}

/** The effect may have happened: nobody knows. */
async function loseAnswer(store: IdempotencyStore<undefined>, key: string): Promise<void> {
  const lost = store.once(key, 'fingerprint', async () => {
    throw new Error('The connection was reset');
  });
  await expect(lost).rejects.toThrow('reset');
}

/** Every attempt fails, and another one may help. */
function failing(activity: string, message: string): Fault {
  let strikes = 0;
  return {
    name: 'failing',
    get strikes() {
      return strikes;
    },
    async attempt({ info }, run) {
      if (info.activityType !== activity) return await run();
      strikes += 1;
      throw ApplicationFailure.retryable(message);
    },
  };
}

function oneTea(): OrderInput {
  const items = [{ sku: 'tea', quantity: 1, unit_price_cents: 4_50 }];
  return { order_id: uuid(), customer_id: 'ann', items, currency: 'EUR' };
}
