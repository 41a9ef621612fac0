/**
 * Chapter 18. A batch, twice, and over midnight
 *
 * Claim     However often a batch is asked for, on one day or on two, each of its orders is paid once, and each entry of
 *           the list says what has become of it.
 * Method    Five clients ask for the same orders at the same moment, and one of them again on another day. Then a list
 *           with an order that fails, one twice, one that was paid before, and one that is being paid elsewhere.
 * Evidence  The runs that the clients got, the entries of the results, the lines in the ledger.
 * Control   The traditional script, twice: each order is paid twice.
 */
import { describe, expect } from 'vitest';
import { newOrderId, openPlace, SCRIPTS } from '#fixtures/superscript/place';
import {
  createBatches,
  createPayments,
  createScripts,
  type PaymentLedger,
  type Scripts,
  superscriptWorkerOptions,
} from '#systems/superscript';
import { concurrently, createBarrier, holdActivityUntilOpen } from '#testkit';
import { it } from '#testkit/vitest';

const TRADITIONAL = 'traditional_payment_collection.sh';

describe('a batch of three orders', () => {
  it('pays each of them twice when the traditional script is run twice', async () => {
    const orderIds = [newOrderId(), newOrderId(), newOrderId()];
    await using place = await openPlace();
    await using scripts = createScripts({ directory: SCRIPTS, names: [TRADITIONAL] });
    const env = { PAYMENT_LEDGER: place.ledgerPath };

    for (const _time of ['once', 'twice']) {
      const run = await scripts.run(TRADITIONAL, orderIds, { env, timeoutMs: 10_000 });
      expect(run, 'how it ended').toMatchObject({ exitCode: 0, stopped: undefined });
    }

    expect(await linesOf(place.ledger, orderIds), 'lines of each order').toEqual([4, 4, 4]);
  });

  it('pays each of them once when five clients ask for it at the same moment, and again after midnight', async ({
    temporal,
    recorder,
  }) => {
    const orderIds = [newOrderId(), newOrderId(), newOrderId()];
    await using place = await openPlace();
    const allJoined = recorder.gate('five clients have joined', 5);
    const scripts = heldBy(allJoined, place.scripts);
    const { client, taskQueue } = temporal;
    const options = superscriptWorkerOptions({ ...place, scripts, taskQueue });
    await using _worker = await temporal.runWorker(options, { recorder });

    const answers = await concurrently(5, async ({ name, number, barrier }) => {
      const batches = createBatches({ client: await temporal.connect(), taskQueue });
      await barrier.arrive();
      return recorder.request(name, async () => {
        const batch = { orderIds, date: '2026-11-03', maxConcurrent: number };
        const { outcome, runId, result } = await batches.start(batch);
        await allJoined.arrive();
        return { outcome, runId, result: await result() };
      });
    });

    expect(recorder).toOverlap(5);
    expect(answers).toShareOneRunId();
    expect(answers.filter(({ outcome }) => outcome === 'started').length, 'starts').toBe(1);
    expect(entriesOf(answers[0]?.result)).toEqual(orderIds.map(() => 'done, started'));
    expect(await linesOf(place.ledger, orderIds), 'lines of each order').toEqual([2, 2, 2]);

    const tomorrow = await createBatches({ client, taskQueue }).start({
      orderIds,
      date: '2026-11-04',
    });
    const result = await tomorrow.result();

    expect(tomorrow.outcome, 'the batch of the next day').toBe('started');
    expect(tomorrow.runId).not.toBe(answers[0]?.runId);
    expect(entriesOf(result)).toEqual(orderIds.map(() => 'done, joined'));
    expect(await linesOf(place.ledger, orderIds), 'lines of each order').toEqual([2, 2, 2]);
    const scriptsRun = recorder
      .evidence()
      .attempts.filter(({ activity }) => activity.endsWith('Payment'));
    expect(scriptsRun.length, 'scripts on both days, one a step').toBe(2 * orderIds.length);
  });
});

describe('a list with a failing order, one that stands there twice, and two that are paid elsewhere', () => {
  it('says of each entry what has become of it, and of all together that nothing is missing', async ({
    temporal,
  }) => {
    const [fine, failing, paid, running] = [newOrderId(), newOrderId(), newOrderId(), newOrderId()];
    await using place = await openPlace();
    const { client, taskQueue } = temporal;
    const elsewhere = `${taskQueue}-elsewhere`;
    const joined = createBarrier(1);
    const here = superscriptWorkerOptions({
      ...place,
      scripts: failingFor(failing, place),
      taskQueue,
    });
    await using _here = await temporal.runWorker(
      {
        ...here,
        activities: {
          ...here.activities,
          joinRun: (run: Parameters<typeof here.activities.joinRun>[0]) => {
            if (run.workflowId.includes(running)) void joined.arrive();
            return here.activities.joinRun(run);
          },
        },
      },
      { shrink: true },
    );
    const payments = createPayments({ client, taskQueue });
    await (await payments.start({ orderId: paid })).result();
    const scripts = heldBy(joined, place.scripts);
    const there = superscriptWorkerOptions({ ...place, scripts, taskQueue: elsewhere });
    await using _there = await temporal.runWorker(there);
    const other = await createPayments({ client, taskQueue: elsewhere }).start({
      orderId: running,
    });

    const orderIds = [fine, failing, fine, paid, running];
    const batch = await createBatches({ client, taskQueue }).start({
      orderIds,
      date: '2026-11-03',
    });
    const result = await batch.result();

    expect(result.results).toEqual([
      { order_id: fine, status: 'done', outcome: 'started' },
      {
        order_id: failing,
        status: 'failed',
        outcome: 'started',
        exit_code: 1,
        reason: expect.stringContaining('exit code 1: Step 1 failed: '),
      },
      { order_id: fine, status: 'duplicate' },
      { order_id: paid, status: 'done', outcome: 'joined' },
      { order_id: running, status: 'done', outcome: 'joined' },
    ]);
    expect(result).toMatchObject({ total: 5, success: 3, failed: 1, duplicate: 1 });
    expect(result.success + result.failed + result.duplicate, 'the sum').toBe(result.total);
    expect(await other.result(), 'what the other client was told').toMatchObject({ success: true });
    const lines = await linesOf(place.ledger, [fine, failing, paid, running]);
    expect(lines, 'lines of each order').toEqual([2, 0, 2, 2]);
  });
});

/** The same scripts, begun when the gate has opened. */
function heldBy(gate: Parameters<typeof holdActivityUntilOpen>[0], scripts: Scripts) {
  return {
    async run(...script: Parameters<Scripts['run']>) {
      await holdActivityUntilOpen(gate);
      return await scripts.run(...script);
    },
  };
}

/** The same scripts, of which step 1 of one order fails in each of its five attempts. */
function failingFor(failing: string, { scripts }: { scripts: Scripts }) {
  const setting = { PAYMENT_STEP1_FAILS: '5' };
  return {
    run: (...[name, args, { env, ...options }]: Parameters<Scripts['run']>) =>
      scripts.run(name, args, {
        ...options,
        env: { ...env, ...(args.includes(failing) && setting) },
      }),
  };
}

function entriesOf(result?: { results: readonly { status: string; outcome?: string }[] }) {
  return result?.results.map(({ status, outcome }) => `${status}, ${outcome}`);
}

async function linesOf(ledger: PaymentLedger, orderIds: readonly string[]) {
  const effects = await ledger.effects();
  return orderIds.map((id) => effects.filter(({ orderId }) => orderId === id).length);
}
