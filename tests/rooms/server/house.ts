import { Client, Connection } from '@temporalio/client';
import { inject } from 'vitest';
import { loadConfig } from '#config';
import { type HouseEvent, startHouse } from '#server';
import { type AccountStore, createMemoryAccountStore } from '#systems/fees';
import { type Barrier, connectTest, holdActivityUntilOpen, listen } from '#testkit';
import { it as base } from '#testkit/vitest';

/** A house that stands for all tests of a file, and the accounts behind it. */
export interface TestHouse {
  readonly url: string;
  readonly accounts: AccountStore;
  /** Holds the activity of an order until the barrier opens. */
  hold(orderId: string, barrier: Barrier): void;
  /** What the house has reported so far. */
  readonly told: readonly HouseEvent[];
}

/** `it` with a house of real parts: HTTP, worker, server. */
export const it = base.extend<{ house: TestHouse }>({
  house: [
    // oxlint-disable-next-line no-empty-pattern -- vitest reads the needs of a fixture from this pattern.
    async ({}, use) => {
      await using temporal = await connectTest(inject('testServer'));
      const held = new Map<string, Barrier>();
      const accounts = createMemoryAccountStore({
        balancesCents: { alice: 1_000_00 },
        beforeDeducting: async ({ orderId }) => {
          const barrier = held.get(orderId);
          if (barrier) await holdActivityUntilOpen(barrier);
        },
      });
      const config = loadConfig({ PORT: '0', FEE_TASK_QUEUE: temporal.taskQueue });
      const told: HouseEvent[] = [];
      const onProgress = (event: HouseEvent) => void told.push(event);
      await using house = await startHouse({ config, temporal, accounts, onProgress });
      const hold: TestHouse['hold'] = (orderId, barrier) => void held.set(orderId, barrier);
      await use({ url: house.url, accounts, hold, told });
    },
    { scope: 'file' },
  ],
});

/**
 * A client whose server is away: nobody listens at its port. It does not ask again by itself, so that no
 * call outlives its test.
 */
export async function clientOfNobody() {
  const connection = Connection.lazy({ address: await closedAddress(), interceptors: [] });
  return {
    client: new Client({ connection }),
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

async function closedAddress(): Promise<string> {
  await using server = await listen(() => {});
  return new URL(server.url).host;
}
