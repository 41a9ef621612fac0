import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import {
  createInventoryOrders,
  createPostgresStock,
  InvalidOrderError,
  inventoryWorkerOptions,
  type OrderInput,
} from '#systems/inventory';
import { runState } from '#temporal';
import { it } from '#testkit/database';

const ORDER = { orderId: 'A12', productId: '123456', quantity: 10 };

describe('what is no order', () => {
  it('is refused before the start, and before anybody looks at the stock', async ({ temporal }) => {
    const { client, taskQueue } = temporal;
    const exists = () => Promise.reject(new Error('The stock was looked at'));
    const orders = createInventoryOrders({ client, taskQueue, stock: { exists } });

    for (const flaw of [{ quantity: 0 }, { quantity: 1.5 }, { orderId: '' }, { orderId: '\0' }]) {
      await expect(orders.start({ ...ORDER, ...flaw })).rejects.toThrow(InvalidOrderError);
    }
  });

  it.for([
    ['quantity', 0],
    ['order_id', 'half of \ud83d'],
    ['product_id', 'a\0b'],
  ] as const)(
    'fails in its first attempt where somebody else has started it: the %s %j',
    async ([member, value], { temporal, database }) => {
      const { client, taskQueue } = temporal;
      const stock = createPostgresStock({ database });
      await stock.put({ productId: '123456', inStock: 1_000 });
      const supplier = { order: () => Promise.reject(new Error('The supplier was asked')) };
      await using _worker = await temporal.runWorker(
        inventoryWorkerOptions({ stock, supplier, taskQueue }),
      );
      const input = { order_id: uuid(), product_id: '123456', quantity: 10, [member]: value };

      const workflowId = uuid();
      const args: [OrderInput] = [input];
      const run = await client.workflow.start('InventoryWorkflow', { workflowId, taskQueue, args });
      await run.result().catch(() => {});

      expect(await runState(client, workflowId)).toMatchObject({
        status: 'failed',
        error: { type: 'InvalidOrderError', message: expect.stringContaining(member) },
      });
      expect(await temporal.attempts(workflowId)).toMatchObject([{ attempts: 1 }]);
      expect(await stock.effects(), 'movements').toEqual([]);
    },
  );
});
