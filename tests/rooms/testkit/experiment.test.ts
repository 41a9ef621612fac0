import { tsToMs } from '@temporalio/common/lib/time.js';
import type { WorkerOptions } from '@temporalio/worker';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { createFees, createMemoryAccountStore, naiveFeeWorkerOptions } from '#systems/fees';
import {
  createBarrier,
  delay,
  failTimes,
  hangPastTimeout,
  holdActivityUntilOpen,
  SHRINKING_INTERCEPTORS,
  type Temporal,
  type WorkerExperiment,
  WorkerStoppedError,
} from '#testkit';
import { it } from '#testkit/vitest';
import { interceptors } from '#testkit/workflow-faults';

const AS_WRITTEN = { startToCloseMs: 10_000, retryAfterMs: 250, backoff: 2, atMost: 10 };
/** A worker's own. What they do is of no matter, as long as it can be seen. */
const INTERCEPTORS = { workflowModules: [SHRINKING_INTERCEPTORS] };
const SHRUNK = { startToCloseMs: 2_000, retryAfterMs: 20, backoff: 1, atMost: 10 };

describe('the patience of a workflow', () => {
  it.for<[string, WorkerExperiment, typeof SHRUNK]>([
    ['is as written', {}, AS_WRITTEN],
    ['is as written with faults, when told so', { faults: [delay(1)], shrink: false }, AS_WRITTEN],
    ['is shrunk with faults', { faults: [delay(1)] }, SHRUNK],
    ['is shrunk without, when told so', { shrink: true }, SHRUNK],
  ])('%s', async ([, experiment, patience], { temporal }) => {
    const fee = await startedFee(temporal, experiment);
    await using _worker = fee.worker;
    await fee.result();

    expect(await patienceOf(temporal, fee.workflowId)).toEqual(patience);
  });

  it('is what the workflow interceptors of the worker make of it, although a bundle without them is kept', async ({
    temporal,
  }) => {
    const fee = await startedFee(temporal, {}, { interceptors: INTERCEPTORS });
    await using _worker = fee.worker;
    await fee.result();

    expect(await patienceOf(temporal, fee.workflowId)).toEqual(SHRUNK);
  });

  it.for(['scheduleActivity', 'scheduleLocalActivity'] as const)(
    'loses no word but its times in %s',
    async (schedule) => {
      const [outbound = {}] = interceptors().outbound ?? [];
      const input = {
        activityType: 'pay',
        args: [1],
        headers: {},
        seq: 1,
        attempt: 1,
        options: {
          startToCloseTimeout: '500 milliseconds',
          scheduleToCloseTimeout: '1 minute',
          heartbeatTimeout: '30 seconds',
          retry: { maximumAttempts: 3, maximumInterval: '1 minute', nonRetryableErrorTypes: ['A'] },
        },
      } as const;

      expect(await outbound[schedule]?.(input as never, async (changed) => changed)).toEqual({
        ...input,
        options: {
          startToCloseTimeout: 500,
          scheduleToCloseTimeout: '1 minute',
          heartbeatTimeout: 2_000,
          retry: {
            maximumAttempts: 3,
            nonRetryableErrorTypes: ['A'],
            initialInterval: 20,
            maximumInterval: 20,
            backoffCoefficient: 1,
          },
        },
      });
    },
  );
});

describe('the attempts of an activity', () => {
  it('are counted by the server, with the reason why the last but one was lost', async ({
    temporal,
  }) => {
    const fee = await startedFee(temporal, { faults: [failTimes(2)] });
    await using _worker = fee.worker;
    await fee.result();

    expect(await temporal.attempts(fee.workflowId)).toEqual([
      {
        activity: 'deductFee',
        attempts: 3,
        lastFailure: expect.stringContaining('Failure 2 of 2'),
      },
    ]);
  });

  it('are counted while the last one runs', async ({ temporal }) => {
    const isThere = createBarrier(1);
    const until = createBarrier(1);
    const beforeDeducting = async () => {
      await isThere.arrive();
      await holdActivityUntilOpen(until);
    };
    const fee = await startedFee(temporal, { faults: [failTimes(1)] }, { beforeDeducting });
    await using _worker = fee.worker;
    await isThere.opened;

    expect(await temporal.attempts(fee.workflowId)).toEqual([
      {
        activity: 'deductFee',
        attempts: 2,
        lastFailure: expect.stringContaining('Failure 1 of 1'),
      },
    ]);

    await until.arrive();
    await fee.result();
  });
});

describe.concurrent('an attempt that hangs past its timeout', () => {
  it('is alive beside the next one, finishes, and changes nothing of the answer', async ({
    temporal,
    recorder,
  }) => {
    const until = createBarrier(1);
    const zombie = hangPastTimeout({ when: 'after effect', until });
    const fee = await startedFee(temporal, { recorder, faults: [zombie] });

    const { new_balance } = await fee.result();
    await until.arrive();
    await fee.worker[Symbol.asyncDispose]();

    const [first, second] = recorder.evidence().attempts;
    expect(first, 'the zombie').toMatchObject({ attempt: 1, how: 'completed' });
    expect(second, 'the next attempt').toMatchObject({ attempt: 2, how: 'completed' });
    expect(second?.ended?.order, 'the end of the second').toBeLessThan(first?.ended?.order ?? 0);
    expect(new_balance, 'the answer').toBe(100 - 2 * 10);
    expect(zombie.strikes, 'strikes').toBe(1);
  });

  it('does not keep its worker from stopping, although nobody opens its barrier', async ({
    temporal,
    recorder,
  }) => {
    const until = createBarrier(1);
    const faults = [hangPastTimeout({ when: 'before effect', until })];
    const fee = await startedFee(temporal, { recorder, faults });
    await fee.result();

    await fee.worker[Symbol.asyncDispose]();

    const [first] = recorder.evidence().attempts;
    expect(first).toMatchObject({
      attempt: 1,
      how: 'failed',
      error: new WorkerStoppedError().message,
    });
    expect(await fee.accounts.effects()).toHaveOneEffect(fee.orderId);
  });
});

interface StartedFeeOptions extends Pick<WorkerOptions, 'interceptors'> {
  readonly beforeDeducting?: () => Promise<void>;
}

/** Starts one fee of 10.00 through the activity without a key. */
async function startedFee(
  temporal: Temporal,
  experiment: WorkerExperiment,
  { beforeDeducting = async () => {}, ...own }: StartedFeeOptions = {},
) {
  const { client, taskQueue } = temporal;
  const accounts = createMemoryAccountStore({ balancesCents: { alice: 100_00 }, beforeDeducting });
  const options = naiveFeeWorkerOptions({ accounts, taskQueue });
  const worker = await temporal.runWorker({ ...options, ...own }, experiment);
  const orderId = uuid();
  const fee = { orderId, accountId: 'alice', amountCents: 10_00 };
  const { workflowId, result } = await createFees({ client, taskQueue, accounts }).start(fee);
  return { orderId, accounts, worker, workflowId, result };
}

/** What the workflow's one activity was scheduled with. */
async function patienceOf({ client }: Temporal, workflowId: string) {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const [scheduled] = (events ?? []).flatMap(
    (event) => event.activityTaskScheduledEventAttributes ?? [],
  );
  return {
    startToCloseMs: tsToMs(scheduled?.startToCloseTimeout),
    retryAfterMs: tsToMs(scheduled?.retryPolicy?.initialInterval),
    backoff: scheduled?.retryPolicy?.backoffCoefficient,
    atMost: scheduled?.retryPolicy?.maximumAttempts,
  };
}
