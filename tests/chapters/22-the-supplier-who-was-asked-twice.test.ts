/**
 * Chapter 22. The supplier who was asked twice
 *
 * Claim     An order leaves 1, five more are asked for, and the supplier's answer is lost: with the key there are 6.
 * Method    The supplier is a service of its own behind a proxy that loses its first answer. Its goods come by a
 *           webhook behind another proxy, which loses our first answer; and the delivery is told again, late.
 * Evidence  Two attempts of one activity, the supplier's books, our movements, and what is in stock.
 * Control   A supplier that does not read the key: two orders, two deliveries, 11.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openSupplier } from '#fixtures/inventory/supplier';
import { createApp } from '#http';
import {
  createDeliveryRouter,
  createInventoryOrders,
  createPostgresStock,
  createSupplierClient,
  inventoryWorkerOptions,
  inventoryWorkflowId,
  supplierOrderKey,
} from '#systems/inventory';
import { listen, type Proxy, type Recorder, startProxy } from '#testkit';
import { it } from '#testkit/database';

const PRODUCT = { productId: '123456', inStock: 1000, reorderLevel: 2, packSize: 5 };

describe('a supplier whose answer is lost, and who is asked again,', () => {
  it('has two orders and sends both where it does not read the key: 1 + 2 × 5', async ({
    temporal,
    recorder,
    database,
  }) => {
    const order = { orderId: uuid(), productId: '123456', quantity: 999 };
    const reference = supplierOrderKey(inventoryWorkflowId(order.orderId));
    const { client, taskQueue } = temporal;
    const stock = createPostgresStock({ database });
    await stock.put(PRODUCT);
    await using ours = await listen(createApp(createDeliveryRouter({ stock })));
    const webhook = `${ours.url}/deliveries`;
    await using other = await openSupplier({ naive: true, webhook });
    await using network = await proxyOf(other.url);
    network.loseAnswerTo(asksForGoods);
    const options = inventoryWorkerOptions({
      stock,
      supplier: through(network, other.url),
      taskQueue,
    });
    await using _worker = await temporal.runWorker(options, { recorder });

    const run = await createInventoryOrders({ client, taskQueue, stock }).start(order);
    const answer = await run.result();

    expect(network.lostAnswers, 'lost answers').toBe(1);
    expect(attemptsToOrder(recorder), 'attempts to order').toEqual(['failed', 'completed']);
    expect(await other.ledger.effects()).toHaveEffects(reference, 2);
    const [unknown, known] = other.ledger.find(reference);
    expect(answer.supplier_order?.id, 'the order that we know of').toBe(known?.id);

    await other.deliver(unknown?.id ?? '');
    await other.deliver(known?.id ?? '');

    // Each delivery is credited once, and there are two: what we have put right here was done wrong over there.
    const movements = await stock.effects('123456');
    expect(
      movements.map(({ change }) => change),
      'movements',
    ).toEqual([-999, 5, 5]);
    expect((await stock.get('123456')).inStock, 'in stock').toBe(1000 - 999 + 2 * 5);
  });

  it('has one order where it reads the key, and its delivery, told four times, is credited once: 1 + 5', async ({
    temporal,
    recorder,
    database,
  }) => {
    const order = { orderId: uuid(), productId: '123456', quantity: 999 };
    const reference = supplierOrderKey(inventoryWorkflowId(order.orderId));
    const { client, taskQueue } = temporal;
    const stock = createPostgresStock({ database });
    await stock.put(PRODUCT);
    await using ours = await listen(createApp(createDeliveryRouter({ stock })));
    await using networkBack = await proxyOf(ours.url);
    networkBack.loseAnswerTo(tellsOfGoods);
    const webhook = networkBack.through(`${ours.url}/deliveries`);
    await using other = await openSupplier({ webhook });
    await using network = await proxyOf(other.url);
    network.loseAnswerTo(asksForGoods);
    const options = inventoryWorkerOptions({
      stock,
      supplier: through(network, other.url),
      taskQueue,
    });
    await using _worker = await temporal.runWorker(options, { recorder });
    const orders = createInventoryOrders({ client, taskQueue, stock });

    const answer = await (await orders.start(order)).result();

    expect(network.lostAnswers, 'lost answers').toBe(1);
    expect(attemptsToOrder(recorder), 'attempts to order').toEqual(['failed', 'completed']);
    expect(await other.ledger.effects()).toHaveOneEffect(reference);
    const [supplierOrder] = other.ledger.find(reference);
    const id = supplierOrder?.id ?? '';
    expect(answer, 'what the customer was told').toEqual({
      order_id: order.orderId,
      product_id: '123456',
      in_stock: 1000 - 999,
      supplier_order: { id, quantity: 5 },
    });

    const told = await other.deliver(id);
    expect(networkBack.lostAnswers, 'lost answers of ours').toBe(1);
    expect(told, 'the delivery').toMatchObject({ tries: 2, replayed: true });
    expect((await stock.get('123456')).inStock, 'in stock').toBe(1000 - 999 + 5);

    // Late: by now one of the five is sold. And then at once with itself.
    await (await orders.start({ ...order, orderId: uuid(), quantity: 1 })).result();
    const late = await Promise.all([other.deliver(id), other.deliver(id)]);
    expect(
      late.map(({ replayed }) => replayed),
      'told late: replays',
    ).toEqual([true, true]);

    const movements = await stock.effects('123456');
    expect(
      movements.map(({ change }) => change),
      'movements',
    ).toEqual([-999, 5, -1]);
    expect((await stock.get('123456')).inStock, 'in stock').toBe(1000 - 999 + 5 - 1);
    expect((await other.ledger.effects()).length, 'supplier orders in all').toBe(1);
  });
});

const asksForGoods = (bytes: Buffer) => bytes.includes('POST /supplier/orders');
const tellsOfGoods = (bytes: Buffer) => bytes.includes('POST /deliveries');

function proxyOf(url: string): Promise<Proxy> {
  const { hostname: host, port } = new URL(url);
  return startProxy({ host, port: Number(port) });
}

/** The supplier at the other end of a network that loses answers. The client sends the key in either case. */
function through(network: Proxy, url: string) {
  return createSupplierClient({ url: network.through(url), timeoutMs: 10_000 });
}

/** How the attempts of the one activity ended that asks the supplier. */
function attemptsToOrder(recorder: Recorder) {
  return recorder
    .evidence()
    .attempts.filter(({ activity }) => activity === 'SupplierOrderActivity')
    .map(({ how }) => how);
}
