import { CancelledFailure } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import {
  createFeeBatchActivities,
  createFeeBatches,
  createMemoryAccountStore,
  type Fee,
  type FeeBatchResult,
  type FeeDeductionInput,
} from '#systems/fees';

describe('a batch that is cancelled while its second fee is taken', () => {
  it('finishes that fee and takes none of the others', async () => {
    const environment = new MockActivityEnvironment();
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: async ({ orderId }) => {
        if (orderId === 'order-2') environment.cancel('CANCELLED');
      },
    });
    const { deductFees } = createFeeBatchActivities({ accounts });
    const orders = ['order-1', 'order-2', 'order-3', 'order-4'].map(
      (order_id): FeeDeductionInput => ({ account_id: 'alice', order_id, amount: 10 }),
    );

    await expect(environment.run(deductFees, { orders })).rejects.toThrow(CancelledFailure);

    const paid = (await accounts.effects()).map(({ key }) => key);
    expect(paid, 'orders whose fee was taken').toEqual(['order-1', 'order-2']);
  });
});

describe('a batch with orders that are no orders', () => {
  it('names them, and takes the fees of the others', async () => {
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: async () => {},
    });
    const { deductFees } = createFeeBatchActivities({ accounts });
    const order: FeeDeductionInput = { account_id: 'alice', order_id: 'order-1', amount: 10 };
    const orders = [
      { account_id: 'alice', amount: 10 },
      { ...order, order_id: 'x'.repeat(3_000) },
      { ...order, amount: 0.001 },
      { ...order, account_id: 'y'.repeat(3_000) },
      order,
    ] as FeeDeductionInput[];

    const environment = new MockActivityEnvironment();
    const result = (await environment.run(deductFees, { orders })) as FeeBatchResult;

    expect(result.refused.map(({ type }) => type)).toEqual([
      'InvalidFeeError',
      'UnstorableKeyError',
      'InvalidAmountError',
      'UnknownAccountError',
    ]);
    const lengths = result.refused.map(({ message }) => message.length);
    expect(Math.max(...lengths), 'the longest message').toBeLessThanOrEqual(300);
    expect(result.taken, 'fees taken').toBe(1);
    expect((await accounts.effects()).map(({ key }) => key)).toEqual(['order-1']);
  });
});

describe('a batch that no payload could carry', () => {
  const fee: Fee = { orderId: 'order-1', accountId: 'alice', amountCents: 10_00 };

  it.each([
    ['no order', [], '1 to 1000 orders, not 0'],
    ['1001 orders', ordersOf(1_001, fee), '1 to 1000 orders, not 1001'],
    ['1.5 MB', ordersOf(500, { ...fee, orderId: 'x'.repeat(3_000) }), 'at most 1000000 bytes'],
  ])('is refused before its start: %s', async (_what, fees, says) => {
    // The client is never asked.
    const batches = createFeeBatches({ client: {} as Client, taskQueue: 'fees' });

    await expect(batches.start(fees)).rejects.toThrow(RangeError);
    await expect(batches.start(fees)).rejects.toThrow(says);
  });
});

function ordersOf(n: number, fee: Fee): readonly Fee[] {
  return Array.from({ length: n }, () => fee);
}
