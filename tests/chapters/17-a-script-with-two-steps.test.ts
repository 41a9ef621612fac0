/**
 * Chapter 17. A script with two steps
 *
 * Claim     A script that failed in its second step, was killed or is run again pays each step once, where it keeps a
 *           journal of its steps.
 * Method    The same bash script in one activity without keys, and in an activity a step with a key each. The line that
 *           a step writes to the ledger has the key in it: one write, so the ledger is the journal.
 * Evidence  The lines of each step in the ledger, the attempts that the server counted, the processes that are left.
 * Control   Without keys the retry that mends step 2 repeats step 1.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, vi } from 'vitest';
import { plainJs } from '#fixtures/plain-js';
import { newOrderId, openPlace } from '#fixtures/superscript/place';
import type { PaymentWorkerEnvironment } from '#fixtures/workers/payment-worker';
import {
  createPayments,
  type NaivePaymentCollectionWorkflow,
  naivePaymentWorkflowId,
  type PaymentEffect,
  paymentWorkflowId,
  superscriptWorkerOptions,
} from '#systems/superscript';
import { RunFailedError } from '#temporal';
import { forgetRun, resetToStart, spawnFixture } from '#testkit';
import { it } from '#testkit/vitest';

const WORKER = await plainJs(new URL('../../fixtures/workers/payment-worker.ts', import.meta.url));
const ONCE_EACH = { collect: 1, confirm: 1 };

describe('a payment whose second step fails once', () => {
  const settings = { PAYMENT_STEP2_GARBAGE: '1' };

  it('collects twice where the whole script is one activity: the retry repeats step 1', async ({
    temporal,
  }) => {
    const orderId = newOrderId();
    await using place = await openPlace();
    const { client, taskQueue } = temporal;
    const options = superscriptWorkerOptions({ ...place, settings, taskQueue });
    await using _worker = await temporal.runWorker(options, { shrink: true });

    const workflowId = naivePaymentWorkflowId(orderId);
    const result = await client.workflow.execute<typeof NaivePaymentCollectionWorkflow>(
      'NaivePaymentCollectionWorkflow',
      {
        workflowId,
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowExecutionTimeout: '1 minute',
        taskQueue,
        args: [{ order_id: orderId }],
      },
    );

    expect(result, 'what the caller is told').toMatchObject({ success: true, attempt: 2 });
    expect(linesOf(await place.ledger.effects())).toEqual({ collect: 2, confirm: 1 });
  });

  it('collects once where each step is an activity with a key', async ({ temporal }) => {
    const orderId = newOrderId();
    await using place = await openPlace();
    const { client, taskQueue } = temporal;
    const options = superscriptWorkerOptions({ ...place, settings, taskQueue });
    await using _worker = await temporal.runWorker(options, { shrink: true });

    const { workflowId, result } = await createPayments({ client, taskQueue }).start({ orderId });

    expect(await result(), 'what the caller is told').toMatchObject({ success: true, attempt: 2 });
    expect(await temporal.attempts(workflowId)).toMatchObject([
      { activity: 'collectPayment', attempts: 1 },
      { activity: 'confirmPayment', attempts: 2 },
    ]);
    expect(linesOf(await place.ledger.effects())).toEqual(ONCE_EACH);
  });
});

describe('a payment whose second step fails for good', () => {
  it('keeps what succeeded, and ends with one line a step when a person tries again', async ({
    temporal,
  }) => {
    const orderId = newOrderId();
    await using place = await openPlace();
    const { client, taskQueue } = temporal;
    const payments = createPayments({ client, taskQueue });
    const pay = async (settings: Record<string, string>, retryFailed: boolean) => {
      const options = superscriptWorkerOptions({ ...place, settings, taskQueue });
      await using _worker = await temporal.runWorker(options, { shrink: true });
      const { outcome, result } = await payments.start({ orderId }, { retryFailed });
      const answer = await result().catch((error: unknown) => error);
      return { outcome, answer };
    };

    const first = await pay({ PAYMENT_STEP2_TIMES_OUT: '99' }, false);
    const again = await pay({}, false);
    const onPurpose = await pay({}, true);

    expect(first.answer).toBeInstanceOf(RunFailedError);
    expect(first.answer).toMatchObject({
      type: 'ScriptFailedError',
      details: [{ order_id: orderId, success: false, exit_code: 4, signal: null, attempt: 5 }],
    });
    expect(again, 'the first answer').toMatchObject({
      outcome: 'replayed',
      answer: { type: 'ScriptFailedError' },
    });
    expect(onPurpose).toMatchObject({
      outcome: 'started',
      answer: { success: true, exit_code: 0 },
    });
    expect(linesOf(await place.ledger.effects())).toEqual(ONCE_EACH);
  });
});

describe.concurrent('a payment that was made', () => {
  it('is made once, however its run is made to run again', async ({ temporal }) => {
    const orderId = newOrderId();
    await using place = await openPlace();
    const { client, taskQueue } = temporal;
    const options = superscriptWorkerOptions({ ...place, taskQueue });
    await using _worker = await temporal.runWorker(options);
    const payments = createPayments({ client, taskQueue });
    const workflowId = paymentWorkflowId(orderId);
    const { output } = await (await payments.start({ orderId })).result();

    await resetToStart(client, workflowId);
    const afterReset = await client.workflow.getHandle(workflowId).result();
    await forgetRun(client, workflowId);
    const afterRetention = await payments.start({ orderId });

    expect(afterRetention.outcome, 'Temporal has forgotten it').toBe('started');
    expect(afterReset).toMatchObject({ output });
    expect(await afterRetention.result(), 'the first answer').toMatchObject({ output });
    expect(linesOf(await place.ledger.effects())).toEqual(ONCE_EACH);
  });
});

describe.concurrent('a worker that is killed in the middle of a script', () => {
  it('leaves no process, and another worker pays each step once', async ({ temporal }) => {
    const orderId = newOrderId();
    await using place = await openPlace();
    const { client, taskQueue } = temporal;
    const options = superscriptWorkerOptions({ ...place, taskQueue });
    const workflowsOnly = { taskQueue, workflowsPath: options.workflowsPath };
    await using _workflows = await temporal.runWorker(workflowsOnly, { shrink: true });
    await using doomed = spawnFixture(WORKER, {
      TEMPORAL_ADDRESS: temporal.address,
      SUPERSCRIPT_TASK_QUEUE: taskQueue,
      PAYMENT_LEDGER: place.ledgerPath,
      // It has its effect, and does not come to tell.
      SETTINGS: JSON.stringify({ PAYMENT_STEP1_ANSWER_DELAY_MS: '60000' }),
    } satisfies PaymentWorkerEnvironment);
    await doomed.said('polling');

    const { workflowId, result } = await createPayments({ client, taskQueue }).start({ orderId });
    await vi.waitFor(async () =>
      expect(linesOf(await place.ledger.effects())).toEqual({ collect: 1, confirm: 0 }),
    );
    expect((await scriptsOf(orderId)).length, 'processes of the script').toBeGreaterThan(0);
    doomed.kill('SIGKILL');
    expect(await doomed.exited).toBe('SIGKILL');
    await vi.waitFor(async () =>
      expect(await scriptsOf(orderId), 'processes of the script').toEqual([]),
    );

    await using _successor = await temporal.runWorker({
      taskQueue,
      activities: options.activities,
    });
    expect(await result()).toMatchObject({ success: true });

    expect(await temporal.attempts(workflowId)).toMatchObject([
      { activity: 'collectPayment', attempts: 2 },
      { activity: 'confirmPayment', attempts: 1 },
    ]);
    expect(linesOf(await place.ledger.effects())).toEqual(ONCE_EACH);
  });
});

function linesOf(effects: readonly PaymentEffect[]): Record<string, number> {
  const count = (wanted: string) => effects.filter(({ step }) => step === wanted).length;
  return { collect: count('collect'), confirm: count('confirm') };
}

/** Process IDs. `pgrep` ends with 1 where it finds none. */
async function scriptsOf(orderId: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('pgrep', ['-f', orderId]).catch(() => ({
    stdout: '',
  }));
  return stdout.split('\n').filter((pid) => pid !== '');
}
