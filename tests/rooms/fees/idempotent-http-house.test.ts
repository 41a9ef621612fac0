import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { loadConfig } from '#config';
import { createMemoryIdempotencyStore, fingerprint, type IdempotencyStore } from '#idempotency';
import { startHouse } from '#server';
import { createMemoryAccountStore, postDurableFee, postIdempotentFee } from '#systems/fees';
import { it } from '../server/house.ts';

describe('the house', () => {
  it('serves the endpoint with the key, on the accounts of all its endpoints', async ({
    house,
  }) => {
    const fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };

    const first = await postIdempotentFee(house.url, fee, fee.orderId);
    const again = await postIdempotentFee(house.url, fee, fee.orderId);

    expect(first).toMatchObject({ status: 200, replayed: false });
    expect(again).toEqual({ ...first, replayed: true });
    expect(await house.accounts.effects()).toHaveOneEffect(fee.orderId);
  });

  it('writes every fingerprint with its secret, so that no key tells what it was for', async ({
    temporal,
  }) => {
    const written: string[] = [];
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: async () => {},
      keys: noting(written),
    });
    const secret = 'a-secret-of-32-characters-or-more';
    const env = { PORT: '0', FEE_TASK_QUEUE: temporal.taskQueue, FINGERPRINT_KEY: secret };
    await using house = await startHouse({ config: loadConfig(env), temporal, accounts });
    const orderId = uuid();

    await postDurableFee(house.url, { orderId, accountId: 'alice', amountCents: 10_00 });

    const input = { account_id: 'alice', order_id: orderId, amount: 10 };
    expect(written).toEqual([fingerprint(input, secret)]);
  });
});

/** A store that notes the fingerprints that it is to keep. */
function noting(written: string[]): IdempotencyStore<undefined> {
  const store = createMemoryIdempotencyStore();
  return {
    expiresAfterMs: undefined,
    once: (key, digest, ...rest) => {
      written.push(digest);
      return store.once(key, digest, ...rest);
    },
    stuck: () => store.stuck(),
    inFlight: () => store.inFlight(),
    settle: (...decided) => store.settle(...decided),
    prune: () => store.prune(),
  };
}
