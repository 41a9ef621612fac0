import {
  type AccountStore,
  createFees,
  createMemoryAccountStore,
  type Fee,
  feeWorkerOptions,
  naiveFeeWorkerOptions,
} from '#systems/fees';
import { type Asked, type ExploredTable, explore, type Temporal } from '#testkit';
import type { CrashHow } from './crash-how.ts';

/** An order of somebody who has the money, and of somebody who has not; chapter 13 has a batch as well. */
const SCENARIOS = { happy: { accountId: 'alice' }, declined: { accountId: 'bob' } };

type Scenario = Pick<Fee, 'accountId'>;

export function naiveFees(temporal: Temporal, how: CrashHow): Promise<ExploredTable> {
  const accounts = aliceIsRichAndBobIsPoor();
  return explore({
    temporal,
    scenarios: SCENARIOS,
    ...clientsOf(accounts),
    ...how,
    worker: ({ taskQueue }) => naiveFeeWorkerOptions({ accounts, taskQueue }),
  });
}

export function durableFees(temporal: Temporal, how: CrashHow): Promise<ExploredTable> {
  const accounts = aliceIsRichAndBobIsPoor();
  return explore({
    temporal,
    scenarios: SCENARIOS,
    ...clientsOf(accounts),
    ...how,
    worker: ({ taskQueue }) => feeWorkerOptions({ accounts, taskQueue }),
  });
}

function clientsOf(accounts: AccountStore) {
  return {
    start: ({ client, taskQueue, key: orderId, scenario }: Asked<Scenario>) =>
      createFees({ client, taskQueue, accounts }).start({
        orderId,
        amountCents: 10_00,
        ...scenario,
      }),
    async observe({ key }: { readonly key: string }) {
      const taken = (await accounts.effects()).filter((effect) => effect.key === key);
      return [{ step: 'fee', count: taken.length }];
    },
  };
}

function aliceIsRichAndBobIsPoor() {
  return createMemoryAccountStore({
    balancesCents: { alice: 10_000_00, bob: 5_00 },
    beforeDeducting: async () => {},
  });
}
