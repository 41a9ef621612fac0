/**
 * Chapter 10. Other ways to run twice
 *
 * Claim     A lost report is not the only way to take a fee twice: here are six more, and the same key mends them all.
 * Method    A fee is taken, or about to be. Then its workflow task or its run fails, an operator or a client steps
 *           in, or its result is too large. At last two that only look like more: a replay without a cache, and
 *           a server that is killed (SIGKILL) and started again on its database file.
 * Evidence  What the server recorded of each run, the attempts with their run IDs, the ledger, the balance.
 * Control   Each of the six without a key: two deductions. What only looks like more has one without a key, too.
 */
import { fileURLToPath } from 'node:url';
import type { WorkflowStartOptions } from '@temporalio/client';
import { v4 as uuid } from 'uuid';
import { describe, expect, inject, vi } from 'vitest';
import { loadConfig } from '#config';
import { SEARCH_ATTRIBUTES } from '#server';
import {
  createMemoryAccountStore,
  type Fee,
  feeToInput,
  feeWorkerOptions,
  feeWorkflowId,
  naiveFeeWorkerOptions,
} from '#systems/fees';
import {
  createBarrier,
  holdActivityUntilOpen,
  type Recorder,
  resetToStart,
  startRestartableServer,
  type Temporal,
} from '#testkit';
import { it } from '#testkit/vitest';

const WAYS: readonly (readonly [way: string, happens: (fee: FeeOfNewOrder) => Promise<void>])[] = [
  ['a local activity whose workflow task fails', failTask],
  ['a run that fails and has a retry policy', failRun],
  ['a run that an operator resets', reset],
  ['a result of 5 MB, which is too large to deliver', answerTooMuch],
  ['a run that is terminated while its activity works, and started again', terminate],
  ['a run that gives way to TERMINATE_EXISTING while its activity works', replace],
];

describe.concurrent.each(WAYS)('%s', (_way, happens) => {
  it.for([
    ['takes the fee twice without a key', 2, naiveFeeWorkerOptions],
    ['takes the fee once with the key <workflow ID>/deduct-fee', 1, feeWorkerOptions],
  ] as const)('%s', async ([, times, optionsOf], { temporal, recorder }) => {
    const order = feeOfNewOrder(temporal, recorder, optionsOf);

    await happens(order);

    expect(await order.accounts.effects()).toHaveEffects(order.fee.orderId, times);
    const { balanceCents } = await order.accounts.get('alice');
    expect(balanceCents, 'balance').toBe(100_00 - times * 10_00);
  });
});

/** A local activity is recorded with its workflow task. Both are first attempts, of one run: no number tells them apart. */
async function failTask({ temporal, recorder, workflowId, options, start }: FeeOfNewOrder) {
  let bugs = 1;
  const hasBug = async () => bugs-- > 0;
  await using _worker = await temporal.runWorker(
    {
      ...options,
      workflowsPath: WORKFLOWS,
      activities: { ...options.activities, hasBug },
      // As in production: an error that is none of Temporal's fails the task, which is tried again, not the run.
      workflowFailureErrorTypes: { '*': [] },
    },
    { recorder },
  );

  await (await start('LocalFeeWorkflow')).result();

  const events = await temporal.history(workflowId);
  expect(events.filter((event) => event === 'WorkflowTaskFailed').length, 'failed tasks').toBe(1);
  expect(events, 'no activity that the server knows of').not.toContain('ActivityTaskScheduled');
  expect(asked(recorder)).toEqual({ runs: 1, attempts: [1, 1] });
}

/** A retry policy of a workflow begins anew, in a run that knows nothing of the one before. */
async function failRun({ temporal, recorder, workflowId, options, start }: FeeOfNewOrder) {
  await using _worker = await temporal.runWorker(
    { ...options, workflowsPath: WORKFLOWS },
    { recorder },
  );
  const first = await start('FeeThenFailureWorkflow', {
    retry: { maximumAttempts: 2, initialInterval: '10 milliseconds' },
  });
  await first.result();

  const firstEvents = await temporal.history(workflowId, first.firstExecutionRunId);
  expect(firstEvents.at(-1), 'the end of the first run').toBe('WorkflowExecutionFailed');
  expect(asked(recorder)).toEqual({ runs: 2, attempts: [1, 1] });
}

/** A reset forgets what came after its event, the activity's result included. The world does not. */
async function reset({ temporal, recorder, workflowId, options, start }: FeeOfNewOrder) {
  await using _worker = await temporal.runWorker(options, { recorder });
  await (await start('FeeDeductionWorkflow')).result();
  const runId = await resetToStart(temporal.client, workflowId);
  await temporal.client.workflow.getHandle(workflowId, runId).result();

  expect(asked(recorder)).toEqual({ runs: 2, attempts: [1, 1] });
}

/** The worker takes its attempt for completed. The server never hears of it, and the attempt times out. */
async function answerTooMuch({ temporal, recorder, workflowId, options, start }: FeeOfNewOrder) {
  const { deductFee } = options.activities;
  const attachments = ['x'.repeat(5 * 1024 * 1024)];
  const withAttachment = async (...input: Parameters<typeof deductFee>) => {
    const receipt = await deductFee(...input);
    return { ...receipt, attachment: attachments.pop() };
  };
  await using _worker = await temporal.runWorker(
    { ...options, activities: { deductFee: withAttachment } },
    { recorder, shrink: true },
  );

  await (await start('FeeDeductionWorkflow')).result();

  const endings = recorder.evidence().attempts.map(({ how }) => how);
  expect(endings, 'for the worker').toEqual(['completed', 'completed']);
  expect(await temporal.attempts(workflowId)).toEqual([
    { activity: 'deductFee', attempts: 2, lastFailure: 'activity StartToClose timeout' },
  ]);
  expect(asked(recorder)).toEqual({ runs: 1, attempts: [1, 2] });
}

/** To terminate a run does not reach its activity, and a worker that stops first finishes what it has begun. */
async function terminate(order: FeeOfNewOrder) {
  const { temporal, recorder, fee, workflowId, options, start } = order;
  const { atTheAccount, mayGoOn } = order.holdDeductions();
  {
    await using _worker = await temporal.runWorker(options, { recorder });
    const run = await start('FeeDeductionWorkflow');
    await atTheAccount.opened;
    await run.terminate();
    await mayGoOn.arrive();
  }
  const events = await temporal.history(workflowId);
  expect(events.at(-1), 'the end of the first run').toBe('WorkflowExecutionTerminated');
  expect(await order.accounts.effects(), 'and its effect').toHaveOneEffect(fee.orderId);

  await using _worker = await temporal.runWorker(options, { recorder });
  const again = await start('FeeDeductionWorkflow', {
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
  });
  await again.result();

  expect(asked(recorder)).toEqual({ runs: 2, attempts: [1, 1] });
}

/** The same, in one call of a client that wants to begin afresh. Two activities may be at work at once. */
async function replace(order: FeeOfNewOrder) {
  const { temporal, recorder, workflowId, options, start } = order;
  const { atTheAccount, mayGoOn } = order.holdDeductions();
  await using _worker = await temporal.runWorker(options, { recorder });

  const first = await start('FeeDeductionWorkflow');
  await atTheAccount.opened;
  const second = await start('FeeDeductionWorkflow', {
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'TERMINATE_EXISTING',
  });
  await mayGoOn.arrive();
  await second.result();

  const firstEvents = await temporal.history(workflowId, first.firstExecutionRunId);
  expect(firstEvents.at(-1), 'the end of the first run').toBe('WorkflowExecutionTerminated');
  expect(asked(recorder).runs, 'runs that asked for the fee').toBe(2);
}

describe.concurrent('a fee that was taken without a key', () => {
  it('is not taken again by a replay: the code begins 3 times, the activity once', async ({
    temporal,
    recorder,
  }) => {
    const order = feeOfNewOrder(temporal, recorder, naiveFeeWorkerOptions);
    const { accounts, fee, workflowId, options, start } = order;
    let beginnings = 0;
    const workflows = workflowsThatTell(() => beginnings++);
    await using _worker = await temporal.runWorker(
      { ...options, ...workflows, maxCachedWorkflows: 0 },
      { recorder },
    );

    const run = await start('FeeThenWaitWorkflow');
    await twoTasksAreDone(temporal, workflowId);
    await run.signal('goOn');
    await run.result();

    expect(beginnings, 'beginnings: with the start, the result and the signal').toBe(3);
    expect(asked(recorder)).toEqual({ runs: 1, attempts: [1] });
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
  });

  it('is not taken again by a server that is killed, and killed again', async ({ recorder }) => {
    await using temporal = await startRestartableServer({
      ...inject('testServer'),
      config: loadConfig(),
      settings: 'brisk',
      searchAttributes: SEARCH_ATTRIBUTES,
      onProgress: () => {},
    });
    const order = feeOfNewOrder(temporal, recorder, naiveFeeWorkerOptions);
    const { accounts, fee, workflowId, options, start } = order;
    const { atTheAccount, mayGoOn } = order.holdDeductions();
    const workflows = workflowsThatTell(() => {});
    await using _worker = await temporal.runWorker({ ...options, ...workflows }, { recorder });

    const run = await start('FeeThenWaitWorkflow');
    await atTheAccount.opened;
    await temporal.restart(); // Its activity works meanwhile.
    await mayGoOn.arrive();
    await twoTasksAreDone(temporal, workflowId);
    await temporal.restart(); // Its activity has reported.
    await run.signal('goOn');
    await run.result();

    expect(new Set(temporal.serverPids).size, 'servers, one after the other').toBe(3);
    // Had the server been away for longer than the attempt's timeout, it would have given the work out again.
    expect(await temporal.attempts(workflowId)).toEqual([{ activity: 'deductFee', attempts: 1 }]);
    expect(asked(recorder)).toEqual({ runs: 1, attempts: [1] });
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
  });
});

type FeeOfNewOrder = ReturnType<typeof feeOfNewOrder>;

/** A fee of 10.00 for a new order of alice's, and the worker that takes it. */
function feeOfNewOrder(
  temporal: Temporal,
  recorder: Recorder,
  optionsOf: typeof feeWorkerOptions | typeof naiveFeeWorkerOptions,
) {
  const { client, taskQueue } = temporal;
  const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
  const workflowId = feeWorkflowId(fee.orderId);
  let beforeDeducting = async () => {};
  const accounts = createMemoryAccountStore({
    balancesCents: { alice: 100_00 },
    beforeDeducting: () => beforeDeducting(),
  });
  return {
    temporal,
    recorder,
    fee,
    workflowId,
    accounts,
    options: optionsOf({ accounts, taskQueue }),
    start: (workflowType: string, options?: Partial<WorkflowStartOptions>) =>
      client.workflow.start(workflowType, {
        workflowId,
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowExecutionTimeout: '1 minute',
        taskQueue,
        args: [feeToInput(fee)],
        ...options,
      }),
    /** From now on activities stop right before the effect. */
    holdDeductions() {
      const [atTheAccount, mayGoOn] = [createBarrier(1), createBarrier(1)];
      beforeDeducting = async () => {
        await atTheAccount.arrive();
        await holdActivityUntilOpen(mayGoOn);
      };
      return { atTheAccount, mayGoOn };
    },
  };
}

/** How often the fee was asked for, as the worker saw it. */
function asked(recorder: Recorder) {
  const attempts = recorder.evidence().attempts.filter(({ activity }) => activity === 'deductFee');
  return {
    runs: new Set(attempts.map(({ runId }) => runId)).size,
    attempts: attempts.map(({ attempt }) => attempt),
  };
}

/** The first task ends with the activity's schedule, the second one with its result: then nothing is left but to wait. */
async function twoTasksAreDone(temporal: Temporal, workflowId: string): Promise<void> {
  const tasks = async () =>
    (await temporal.history(workflowId)).filter((event) => event === 'WorkflowTaskCompleted')
      .length;
  const done = async () => expect(await tasks(), 'workflow tasks').toBe(2);
  await vi.waitFor(done, { interval: 5, timeout: 20_000 });
}

/** @param begins called each time that the code of such a workflow begins, replays included */
function workflowsThatTell(begins: () => void) {
  const sinks = { code: { begins: { fn: begins, callDuringReplay: true } } };
  return { workflowsPath: WORKFLOWS, sinks };
}

const WORKFLOWS = fileURLToPath(new URL('../../fixtures/workflows/workflows.ts', import.meta.url));
