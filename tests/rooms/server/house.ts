import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { inject } from 'vitest';
import { loadConfig } from '#config';
import { type HouseEvent, startHouse } from '#server';
import { type AccountStore, createMemoryAccountStore } from '#systems/fees';
import {
  createPaymentLedger,
  type PaymentLedger,
  type PaymentProgress,
} from '#systems/superscript';
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
  /** The same, of its payments by script. */
  readonly toldOfPayments: readonly PaymentProgress[];
  /** What the scripts have done. */
  readonly ledger: PaymentLedger;
  /** What the scripts see: a setting that is changed here holds for the next one. */
  readonly environment: NodeJS.ProcessEnv;
  /** Waits until a run has closed. */
  closed(workflowId: string): Promise<unknown>;
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
      const folder = await mkdtemp(join(tmpdir(), 'press-twice-house-'));
      const ledger = createPaymentLedger(join(folder, 'payments.ledger'));
      const config = loadConfig({
        PORT: '0',
        FEE_TASK_QUEUE: temporal.taskQueue,
        SUPERSCRIPT_TASK_QUEUE: `${temporal.taskQueue}-superscript`,
        PAYMENT_LEDGER: ledger.path,
      });
      const told: HouseEvent[] = [];
      const toldOfPayments: PaymentProgress[] = [];
      const environment = { ...process.env };
      {
        await using house = await startHouse({
          config,
          temporal,
          accounts,
          onProgress: (event) => void told.push(event),
          superscript: { environment, onProgress: (event) => void toldOfPayments.push(event) },
        });
        const { url } = house;
        const hold: TestHouse['hold'] = (orderId, barrier) => void held.set(orderId, barrier);
        const closed: TestHouse['closed'] = (id) => temporal.client.workflow.result(id);
        await use({ url, accounts, hold, told, toldOfPayments, ledger, environment, closed });
      }
      await rm(folder, { recursive: true });
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
