/**
 * Chapter 11. Resumed, not restarted
 *
 * Claim     A batch that loses its worker goes on where it stopped, and takes each fee once.
 * Method    Fifteen orders in one activity. Its process is killed at the seventh, between charge and checkpoint;
 *           another worker takes over. Five ways to write that activity, side by side.
 * Evidence  The ledger in PostgreSQL, outside of the killed process; how many orders the second worker took up;
 *           how the first one ended, and the attempts by the server's count.
 * Control   The same crash without a position, with a checkpoint after the charge, and with one before it.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect, vi } from 'vitest';
import { plainJs } from '#fixtures/plain-js';
import { batchActivities, WAYS } from '#fixtures/workers/batch-ways';
import {
  createFeeBatches,
  createFees,
  createMemoryAccountStore,
  createPostgresAccountStore,
  FEE_WORKFLOWS_PATH,
  type Fee,
  feeWorkerOptions,
} from '#systems/fees';
import { concurrently, createBarrier, holdActivityUntilOpen, spawnFixture } from '#testkit';
import { it } from '#testkit/database';

const BATCH_WORKER = await plainJs(
  new URL('../../fixtures/workers/batch-worker.ts', import.meta.url),
);

describe('a batch of fifteen orders whose worker is killed at the seventh', () => {
  it('pays right and goes on where it stopped with a position and keys, and with nothing less', async ({
    temporal,
    database,
    databaseUrl,
  }) => {
    const accounts = createPostgresAccountStore({ database, beforeDeducting });
    const taskQueue = (way: string) => `${temporal.taskQueue}-${way}`;
    await using doomed = spawnFixture(BATCH_WORKER, {
      TEMPORAL_ADDRESS: temporal.address,
      DATABASE_URL: databaseUrl,
      TASK_QUEUES: JSON.stringify(Object.fromEntries(WAYS.map((way) => [way, taskQueue(way)]))),
    });

    const rows = await concurrently(WAYS.length, async ({ number, barrier }) => {
      const way = WAYS[number - 1] ?? 'from zero';
      await accounts.create(way, 500_00);
      await using _workflows = await temporal.runWorker(
        { taskQueue: taskQueue(way), workflowsPath: FEE_WORKFLOWS_PATH },
        { shrink: true },
      );
      const batches = createFeeBatches({ client: temporal.client, taskQueue: taskQueue(way) });
      const run = await batches.start(fifteenOrdersOf(way));
      await doomed.said(way);
      await vi.waitFor(async () =>
        expect(await positionAtTheServer(run.workflowId)).toBe(POSITION_HEARD[way]),
      );
      await barrier.arrive();

      doomed.kill('SIGKILL');
      expect(await doomed.exited, 'how the first worker ended').toBe('SIGKILL');
      let takenUp = 0;
      const inTheGap = async () => void (takenUp += 1);
      await using _second = await temporal.runWorker({
        taskQueue: taskQueue(way),
        activities: batchActivities(way, { accounts, inTheGap }),
      });
      await run.result();
      expect(await temporal.attempts(run.workflowId)).toMatchObject([{ attempts: 2 }]);

      const charges = (await accounts.effects()).filter(({ accountId }) => accountId === way);
      const orders = new Set(charges.map(({ key }) => key)).size;
      expect((await accounts.get(way)).balanceCents).toBe(500_00 - charges.length * 10_00);
      return [way.padEnd(28), orders, charges.length, takenUp].join('  ');
    });

    async function positionAtTheServer(workflowId: string): Promise<number | undefined> {
      const { raw } = await temporal.client.workflow.getHandle(workflowId).describe();
      const data = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads?.[0]?.data;
      return data?.length
        ? (JSON.parse(Buffer.from(data).toString()) as { next: number }).next
        : undefined;
    }

    //       way                  orders paid, charges, taken up by the second worker
    expect(rows).toEqual([
      'from zero                     15  22  15', // seven twice
      'checkpoint after the charge   15  16  9', // the seventh twice
      'checkpoint before the charge  14  14  8', // the seventh never
      'keys only                     15  15  15', // right, and everything asked again
      'position and keys             15  15  9', // right, and resumed
    ]);
  });
});

describe('a batch that is sent again', () => {
  it('joins the run of the same file, and finds the fees that were paid one by one', async ({
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    const bothSent = createBarrier(2);
    const fees = fifteenOrdersOf('alice');
    const [alone] = fees as [Fee];
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 500_00 },
      beforeDeducting: async ({ orderId }) => {
        if (orderId !== alone.orderId) await holdActivityUntilOpen(bothSent);
      },
    });
    await using _worker = await temporal.runWorker(feeWorkerOptions({ accounts, taskQueue }));
    await (await createFees({ client, taskQueue, accounts }).start(alone)).result();
    const batches = createFeeBatches({ client, taskQueue });

    const runs = await concurrently(2, async () => {
      const run = await batches.start(fees);
      await bothSent.arrive();
      return { ...run, result: await run.result() };
    });

    expect(runs.map(({ outcome }) => outcome).toSorted()).toEqual(['joined', 'started']);
    expect(runs).toShareOneRunId();
    for (const { result } of runs) expect(result).toEqual({ orders: 15, taken: 15, refused: [] });
    expect((await batches.start(fees)).outcome, 'once it has closed').toBe('replayed');
    const otherFile = await batches.start(fees.toReversed());
    expect(otherFile.outcome, 'another file with the same orders').toBe('started');
    expect((await otherFile.result()).taken, 'fees of the other file, taken before').toBe(15);

    for (const { orderId } of fees) expect(await accounts.effects()).toHaveOneEffect(orderId);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(500_00 - 15 * 10_00);
  });

  it('tells what was refused, and takes the rest', async ({ temporal }) => {
    const { client, taskQueue } = temporal;
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting,
    });
    await using _worker = await temporal.runWorker(feeWorkerOptions({ accounts, taskQueue }));
    const fees = fifteenOrdersOf('alice');
    const again = { ...(fees[0] as Fee), amountCents: 99_00 };

    const run = await createFeeBatches({ client, taskQueue }).start([...fees, again]);
    const result = await run.result();

    const types = result.refused.map(({ type }) => type);
    expect(result.taken, 'fees taken').toBe(100_00 / 10_00);
    expect(types).toEqual([...Array(5).fill('InsufficientFundsError'), 'IntentMismatchError']);
    expect((await accounts.get('alice')).balanceCents, 'balance').toBe(0);
  });
});

/** What the server has heard of each way's position when the worker stands in the gap of the seventh order. */
const POSITION_HEARD = {
  'from zero': undefined,
  'checkpoint after the charge': 6,
  'checkpoint before the charge': 7,
  'keys only': undefined,
  'position and keys': 6,
};

function fifteenOrdersOf(accountId: string): readonly Fee[] {
  const file = uuid();
  return Array.from({ length: 15 }, (_, index) => ({
    orderId: `${file}-${index + 1}`,
    accountId,
    amountCents: 10_00,
  }));
}

async function beforeDeducting(): Promise<void> {}
