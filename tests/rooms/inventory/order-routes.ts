import request from 'supertest';
import { createApp } from '#http';
import {
  createOrderRouter,
  type InventoryOrders,
  type InventoryProgress,
  inventoryWorkflowId,
  type OrderResult,
  type StartedOrder,
} from '#systems/inventory';

// What the routes make of each thing that a run can come to. That runs do come to it is shown elsewhere,
// against a real server and a real database.

export const BODY = { order_id: 'A12', product_id: '123456', quantity: 999 };
export const ORDER = { orderId: 'A12', productId: '123456', quantity: 999 };
export const RUN = { workflowId: inventoryWorkflowId('A12'), runId: 'run-1' };
export const RESULT: OrderResult = {
  order_id: 'A12',
  product_id: '123456',
  in_stock: 1_000 - 999,
  supplier_order: { id: 'so-1', quantity: 1_000 },
};

export function started(
  outcome: StartedOrder['outcome'],
  result: StartedOrder['result'] = async () => RESULT,
): StartedOrder {
  return { outcome, ...RUN, result };
}

/** A call that fails with this error. */
export function failing(error: Error): () => Promise<never> {
  return async () => {
    throw error;
  };
}

/** The routes in front of orders of which only this is known. */
export function appOf(
  orders: Partial<InventoryOrders>,
  onProgress?: (event: InventoryProgress) => void,
) {
  const unexpected = failing(new Error('Not expected in this test'));
  return createApp(
    createOrderRouter({
      orders: { start: unexpected, state: unexpected, ...orders },
      answerWithinMs: 1_234,
      onProgress,
    }),
  );
}

export function appOfStart(start: StartedOrder | Error) {
  return appOf({ start: start instanceof Error ? failing(start) : async () => start });
}

export function send(
  app: ReturnType<typeof appOf>,
  body: string | object = BODY,
  headers: Record<string, string> = {},
) {
  return request(app)
    .post('/inventory/orders')
    .set({ 'Content-Type': 'application/json', ...headers })
    .send(body);
}
