import {
  createOrders,
  type NaiveOrderWorkflow,
  naiveOrderWorkerOptions,
  orderWorkerOptions,
  orderWorkflowId,
  type PaymentWorkflow,
  paymentWorkflowId,
} from '#systems/orders';
import { startOrJoin } from '#temporal';
import type { Asked } from '#testkit';
import { type ExploredWorld, orderOf, PRICE, type Scenario } from './explored-world.ts';

/** The orders of this world, for `explore`. */
export function durableIn({ store, services, observe }: ExploredWorld) {
  return {
    async start({ client, taskQueue, key, scenario }: Asked<Scenario>) {
      const order = orderOf(key, scenario);
      const { order_id, customer_id, currency } = order;
      if (scenario.customer === 'prepaid') {
        await startOrJoin<typeof PaymentWorkflow>(client, 'PaymentWorkflow', {
          workflowId: paymentWorkflowId(order_id),
          taskQueue,
          args: [{ order_id, customer_id, amount_cents: PRICE, currency }],
        });
      }
      return await createOrders({ client, taskQueue }).place(order);
    },
    worker: ({ taskQueue }: { readonly taskQueue: string }) =>
      orderWorkerOptions({ taskQueue, orders: store, ...services }),
    observe: ({ key }: { readonly key: string }) => observe(key),
  };
}

/** The same, as the saga is first written; its world has to be naive as well. */
export function naiveIn({ store, services, observe }: ExploredWorld) {
  return {
    start: async ({ client, taskQueue, key, scenario }: Asked<Scenario>) =>
      await startOrJoin<typeof NaiveOrderWorkflow>(client, 'NaiveOrderWorkflow', {
        workflowId: orderWorkflowId(key),
        taskQueue,
        args: [orderOf(key, scenario)],
      }),
    worker: ({ taskQueue }: { readonly taskQueue: string }) =>
      naiveOrderWorkerOptions({ taskQueue, orders: store, ...services }),
    observe: ({ key }: { readonly key: string }) => observe(key),
  };
}
