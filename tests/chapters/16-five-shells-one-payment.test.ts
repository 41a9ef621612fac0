/**
 * Chapter 16. Five shells, one payment
 *
 * Claim     However many ask for the payment of an order at the same moment, one run pays it, once.
 * Method    Five clients meet at a barrier; the script is held until all of them have joined. That its steps have keys
 *           is not needed here: no step runs a second time. What holds is held by the workflow ID alone.
 * Evidence  The run IDs that the clients got, the processes that were started, the lines in the ledger.
 * Control   Five shells that run the script themselves: five payments.
 */
import { describe, expect } from 'vitest';
import { newOrderId, openPlace } from '#fixtures/superscript/place';
import {
  createPayments,
  PAYMENT_SCRIPT,
  paymentWorkflowId,
  type Scripts,
  superscriptWorkerOptions,
} from '#systems/superscript';
import { concurrently, holdActivityUntilOpen } from '#testkit';
import { it } from '#testkit/vitest';

const CLASSICAL_OUTPUT = (orderId: string) => `Starting payment processing for OrderID: ${orderId}
Starting processing step 1...
Step 1 completed successfully: Step1 ${orderId}
Starting processing step 2...
Step 2 completed successfully: Step2 ${orderId}
Payment processing completed successfully for OrderID: ${orderId}
Cleaning up resources...
`;

describe('five clients that want one order paid by a bash script', () => {
  it('pay five times when each runs the script in a shell', async ({ recorder }) => {
    const orderId = newOrderId();
    await using place = await openPlace();
    const env = { PAYMENT_LEDGER: place.ledgerPath };

    await concurrently(5, async ({ name, barrier }) => {
      await barrier.arrive();
      return recorder.request(name, async () => {
        const outcome = await place.scripts.run(PAYMENT_SCRIPT, [orderId], {
          env,
          timeoutMs: 10_000,
        });
        expect(outcome).toMatchObject({ exitCode: 0, stdout: CLASSICAL_OUTPUT(orderId) });
        return {};
      });
    });

    expect(recorder).toOverlap(5);
    const effects = await place.ledger.effects();
    expect(effects.filter(({ step }) => step === 'collect').length, 'collected').toBe(5);
    expect(effects.filter(({ step }) => step === 'confirm').length, 'confirmed').toBe(5);
  });

  it('pay once through a workflow that is named after the order', async ({
    temporal,
    recorder,
  }) => {
    const orderId = newOrderId();
    await using place = await openPlace();
    const allJoined = recorder.gate('five clients have joined', 5);
    let processes = 0;
    const scripts: Pick<Scripts, 'run'> = {
      async run(...script) {
        await holdActivityUntilOpen(allJoined);
        processes += 1;
        return await place.scripts.run(...script);
      },
    };
    const { taskQueue } = temporal;
    const options = { taskQueue, scripts, ledgerPath: place.ledgerPath };
    await using _worker = await temporal.runWorker(superscriptWorkerOptions(options), { recorder });

    const answers = await concurrently(5, async ({ name, barrier }) => {
      const payments = createPayments({ client: await temporal.connect(), taskQueue });
      await barrier.arrive();
      return recorder.request(name, async () => {
        const { outcome, runId, result } = await payments.start({ orderId });
        await allJoined.arrive();
        return { outcome, runId, result: await result() };
      });
    });

    expect(recorder).toOverlap(5);
    expect(answers).toShareOneRunId();
    expect(answers.filter(({ outcome }) => outcome === 'started').length, 'starts').toBe(1);
    expect(new Set(answers.map(({ result }) => JSON.stringify(result))).size, 'answers').toBe(1);
    expect(answers[0]?.result).toMatchObject({
      order_id: orderId,
      success: true,
      output: CLASSICAL_OUTPUT(orderId),
      exit_code: 0,
      signal: null,
      attempt: 1,
    });

    expect(processes, 'scripts that were started, one a step').toBe(2);
    const effects = await place.ledger.effects();
    expect(effects.map(({ step }) => step)).toEqual(['collect', 'confirm']);
    const events = await temporal.history(paymentWorkflowId(orderId));
    const scheduled = events.filter((event) => event === 'ActivityTaskScheduled');
    expect(scheduled.length, 'activities that the server scheduled').toBe(2);
  });
});
