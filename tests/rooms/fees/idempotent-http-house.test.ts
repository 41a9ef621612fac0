import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { postIdempotentFee } from '#systems/fees';
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
});
