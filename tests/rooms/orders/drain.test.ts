import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import {
  createOrders,
  createPostgresOrders,
  orderWorkerOptions,
  paymentWorkflowId,
} from '#systems/orders';
import { it } from '#testkit/database';
import { press } from '../cli/command.ts';
import { openRecordedServices } from './recorded-services.ts';

describe('a worker process that gets SIGTERM while an order of its is being charged', () => {
  it('finishes the charge, ends with 0, and the next worker of the task queue ships the order', async ({
    temporal,
    recorder,
    database,
    databaseUrl,
  }) => {
    const { address, client, taskQueue } = temporal;
    await using services = await openRecordedServices();
    await using first = press(['worker', '--store', 'postgres'], {
      ...services.env,
      TEMPORAL_ADDRESS: address,
      DATABASE_URL: databaseUrl,
      FEE_TASK_QUEUE: `${taskQueue}-fees`,
      SUPERSCRIPT_TASK_QUEUE: `${taskQueue}-scripts`,
      ORDER_TASK_QUEUE: taskQueue,
    });
    const orders = createOrders({ client, taskQueue });
    const store = createPostgresOrders({ database });
    const order = orderOf();

    await first.said('stdout', /^polling .+\n/);
    const { accepted, result } = await orders.place(order);
    await services.charging;
    await using _second = await temporal.runWorker(
      orderWorkerOptions({ ...services, taskQueue, orders: store }),
      { recorder },
    );
    first.kill('SIGTERM');
    await first.said('stderr', /draining\n$/);
    services.letCharge();
    const { exitCode, signal } = await first.finished;
    const fulfilled = await result();

    expect(accepted?.status).toBe('ACCEPTED');
    expect({ exitCode, signal }, 'how it ended').toEqual({ exitCode: 0, signal: null });
    expect(fulfilled.status).toBe('FULFILLED');
    expect(services.netCents(), 'charged, less what went back').toBe(2 * 4_50);
    const attempts = await temporal.attempts(paymentWorkflowId(order.order_id));
    expect(attempts, 'of the charge').toEqual([
      expect.objectContaining({ activity: 'ProcessPayment', attempts: 1 }),
    ]);
    const done = recorder.evidence().attempts.map(({ activity }) => activity);
    expect(done, 'what the other worker did').toEqual(['FulfillOrder', 'SendOrderConfirmation']);
  });
});

function orderOf() {
  const items = [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }];
  return { order_id: uuid(), customer_id: 'ann', items, currency: 'EUR' };
}
