import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import { type Barrier, concurrently, holdActivityUntilOpen, overlap } from '#testkit';
import type * as Client from './solution/client.ts';

describe('five clients that ask for the fee of one order at the same moment', () => {
  it('share one run, and pay once', async ({
    bank,
    claim,
    load,
    recorder,
    runWorker,
    temporal,
  }) => {
    const order = { orderId: uuid(), account: `alice-${uuid().slice(0, 8)}` };
    bank.open(order.account, 100);
    const allStarted = recorder.gate('five clients have started', 5);
    const activities = {
      async deductFee(account: string) {
        await holdActivityUntilOpen(allStarted);
        return (await bank.post(account, -10)).balance;
      },
    };
    await using _worker = await runWorker({ workflows: 'shared/workflows.ts', activities });

    const answers = await concurrently(5, async ({ name, barrier }) => {
      // Five clients are five processes: they have nothing in common but the order.
      const { startFee } = await load<typeof Client>('client.ts', name);
      const client = await temporal.connect();
      await barrier.arrive();
      const asking = () => hear(startFee(client, temporal.taskQueue, order), allStarted);
      return await recorder.request(name, asking);
    });
    const atOnce = overlap(recorder.evidence());
    const written = bank.entries(order.account).length;

    const { startFee } = await load<typeof Client>('client.ts');
    const next = { ...order, orderId: uuid() };
    await recorder.request('client 6, another order', () =>
      hear(startFee(temporal.client, temporal.taskQueue, next), allStarted),
    );
    const writtenForNext = bank.entries(order.account).length - written;

    const runIds = new Set(answers.flatMap(({ runId }) => runId ?? []));
    const heard = answers.map(({ outcome }) => outcome).toSorted((a, b) => b.localeCompare(a));
    claim('ALL-AT-ONCE', 'five requests are under way at one moment', atOnce, 5);
    claim('ONE-RUN-ID', 'all five have the same run', runIds.size, 1);
    claim('ONE-DEDUCTION', 'the bank wrote one entry for the five', written, 1);
    claim('FIVE-SAME-ANSWERS', 'all five hear of that entry', heard, Array(5).fill('90'));
    claim('ANOTHER-ORDER-PAYS', "alice's next order pays a fee of its own", writtenForNext, 1);
  });
});

/** What a client hears of its start when all have started: a balance, or the name of an error. */
async function hear(starting: ReturnType<typeof Client.startFee>, allStarted: Barrier) {
  const run = await starting.catch(nameOf);
  await allStarted.arrive();
  if (typeof run === 'string') return { outcome: run };
  const outcome = await run.result().then(String, nameOf);
  return { outcome, runId: run.firstExecutionRunId };
}

function nameOf(error: Error): string {
  return error.name;
}
