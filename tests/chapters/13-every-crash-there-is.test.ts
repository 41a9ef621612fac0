/**
 * Chapter 13. Every crash there is
 *
 * Claim     Whatever goes wrong, and wherever, a fee is taken as often as without it: once, or not at all for lack of
 *           funds.
 * Method    The explorer runs each scenario without a fault and notes the activities that it calls; then once more for
 *           each activity and each window, under a key of its own. Last with worker processes that are killed or frozen.
 * Evidence  A table of 24 cells and one of 3, each with the attempt that was struck, the ledger and how the run closed.
 * Control   The activity without a key: 4 of 16 cells take a fee twice, and so does a killed process.
 */
import { describe, expect } from 'vitest';
import { plainJs } from '#fixtures/plain-js';
import type { KilledFeesEnvironment } from '#fixtures/workers/killed-fees';
import {
  type AccountStore,
  createFeeBatches,
  createFees,
  createMemoryAccountStore,
  createPostgresAccountStore,
  type Fee,
  feeWorkerOptions,
  naiveFeeWorkerOptions,
} from '#systems/fees';
import { type Asked, explore, format, PROCESS_WINDOWS, WINDOWS } from '#testkit';
import { it } from '#testkit/database';

const KILLED_FEES = await plainJs(
  new URL('../../fixtures/workers/killed-fees.ts', import.meta.url),
);

describe('every crash of every activity of the fee system', () => {
  it('leaves one fee for an order, none for lack of funds, and one for each order of a batch', async ({
    temporal,
  }) => {
    const accounts = aliceIsRichAndBobIsPoor();

    const table = await explore({
      temporal,
      scenarios: {
        happy: feeOf('alice'),
        declined: feeOf('bob'),
        batch: (orderId: string) => [
          ...feeOf('alice')(`${orderId}-1`),
          ...feeOf('bob')(`${orderId}-2`),
          ...feeOf('alice')(`${orderId}-3`),
        ],
      },
      start: pay(accounts),
      worker: ({ taskQueue }) => feeWorkerOptions({ accounts, taskQueue }),
      observe: ({ key }) => feesTaken(accounts, key),
    });

    expect(table).toHaveOneEffectEverywhere();
    const cells = table.rows.flatMap((row) => row.cells);
    expect(cells.length, 'activities x windows').toBe(3 * WINDOWS.length);
    expect(
      table.baselines.map(({ scenario, ending, steps }) => ({ scenario, ending, steps })),
    ).toEqual([
      { scenario: 'happy', ending: 'completed', steps: { fee: 1 } },
      { scenario: 'declined', ending: 'failed: InsufficientFundsError', steps: {} },
      { scenario: 'batch', ending: 'completed', steps: { fee: 2 } },
    ]);

    // The eight windows and the run without a fault: each of them has an order, or a batch, of its own.
    const { balanceCents } = await accounts.get('alice');
    expect(balanceCents, 'balance').toBe(10_000_00 - (1 + WINDOWS.length) * (1 + 2) * 10_00);
    expect((await accounts.get('bob')).balanceCents, 'balance of who has too little').toBe(5_00);
  });

  it('has 4 that take it twice where it has no key', async ({ temporal }) => {
    const accounts = aliceIsRichAndBobIsPoor();

    const table = await explore({
      temporal,
      scenarios: { happy: feeOf('alice'), declined: feeOf('bob') },
      start: pay(accounts),
      worker: ({ taskQueue }) => naiveFeeWorkerOptions({ accounts, taskQueue }),
      observe: ({ key }) => feesTaken(accounts, key),
    });

    expect(format(table)).toBe(WITHOUT_A_KEY);
    expect(() => expect(table).toHaveOneEffectEverywhere()).toThrow(
      'happy / deductFee / after the effect: many (2). attempts: 1 failed, 2 completed; fee: 2 instead of 1',
    );
  });
});

const WITHOUT_A_KEY = `
                     before  after     zombie    worker    evicted  asked      asked  reset
                     the     the                 gone               again      again
                     effect  effect                                 meanwhile  after
                                                                               the
                                                                               close
happy     deductFee  one     many (2)  many (2)  many (2)  one      one        one    many (2)
declined  deductFee  one     one       one       one       one      one        one    one
`.slice(1, -1);

describe.concurrent('a worker process that is killed, or frozen and woken too late', () => {
  it.for([
    ['keyed', 'leaves one fee', 'one', PROCESS_WINDOWS],
    ['naive', 'leaves two', 'many (2)', ['killed after the effect']],
  ] as const)(
    '%s: %s',
    async ([activity, , outcome, windows], { temporal, database, databaseUrl }) => {
      const workerOptions = { naive: naiveFeeWorkerOptions, keyed: feeWorkerOptions }[activity];
      const accounts = createPostgresAccountStore({ database, beforeDeducting: async () => {} });
      await accounts.create('alice', 100_00);

      const table = await explore({
        temporal,
        scenarios: { happy: feeOf('alice') },
        start: pay(accounts),
        worker: ({ taskQueue }) => workerOptions({ accounts, taskQueue }),
        observe: ({ key }) => feesTaken(accounts, key),
        windows,
        workerModule: KILLED_FEES,
        env: { DATABASE_URL: databaseUrl, ACTIVITY: activity } satisfies KilledFeesEnvironment,
      });

      const cells = table.rows.flatMap((row) => row.cells);
      expect(cells.map((cell) => cell.window)).toEqual(windows);
      for (const { window, says, ...cell } of cells) {
        expect({ window, outcome: cell.outcome }).toEqual({ window, outcome });
        expect(says, 'how the process ended').toContain(window === 'frozen' ? 'frozen' : 'SIGKILL');
      }
    },
  );
});

/** One order that pays a fee of 10.00. */
function feeOf(accountId: string) {
  return (orderId: string): readonly Fee[] => [{ orderId, accountId, amountCents: 10_00 }];
}

/** One order through a workflow of its own, several through a batch: as their clients start them. */
function pay(accounts: AccountStore) {
  return async ({
    client,
    taskQueue,
    key,
    scenario,
  }: Asked<(orderId: string) => readonly Fee[]>) => {
    const [fee, ...more] = scenario(key);
    return fee && more.length === 0
      ? await createFees({ client, taskQueue, accounts }).start(fee)
      : await createFeeBatches({ client, taskQueue }).start(scenario(key));
  };
}

async function feesTaken(accounts: AccountStore, orderId: string) {
  const taken = (await accounts.effects()).filter(({ key }) => key.startsWith(orderId));
  return [{ step: 'fee', count: taken.length }];
}

function aliceIsRichAndBobIsPoor() {
  return createMemoryAccountStore({
    balancesCents: { alice: 10_000_00, bob: 5_00 },
    beforeDeducting: async () => {},
  });
}
