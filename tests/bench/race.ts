import { v7 as uuid } from 'uuid';
import { runWorker } from '#server';
import { createFees, createMemoryAccountStore, feeWorkerOptions } from '#systems/fees';
import type { DevServer } from '#temporal/dev-server';
import { concurrently } from '#testkit';
import { median } from './figure.ts';

export interface Race {
  readonly medianMs: number;
  /** Distinct runs and effects of the last race. */
  readonly runs: number;
  readonly effects: number;
}

/** From the opening of the barrier to the last of the clients' equal answers, with no delay in the activity. */
export async function raceOnOneOrder(
  { client, nativeConnection }: DevServer,
  { clients, races }: { readonly clients: number; readonly races: number },
): Promise<Race> {
  const taskQueue = `bench-${uuid()}`;
  const accounts = createMemoryAccountStore({
    balancesCents: { alice: 1_000_000_00 },
    beforeDeducting: async () => {},
  });
  const fees = createFees({ client, taskQueue, accounts });
  await using _worker = await runWorker({
    connection: nativeConnection,
    ...feeWorkerOptions({ accounts, taskQueue }),
  });

  const tookMs: number[] = [];
  let last: Omit<Race, 'medianMs'> = { runs: 0, effects: 0 };
  for (let race = 0; race < races; race += 1) {
    const fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    let openedMs = 0;
    const runIds = await concurrently(clients, async ({ barrier }) => {
      await barrier.arrive();
      openedMs ||= performance.now();
      const run = await fees.start(fee);
      await run.result();
      return run.runId;
    });
    tookMs.push(performance.now() - openedMs);
    const effects = (await accounts.effects()).filter(({ key }) => key === fee.orderId);
    last = { runs: new Set(runIds).size, effects: effects.length };
  }
  return { medianMs: median(tookMs), ...last };
}
