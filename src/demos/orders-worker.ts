import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { runWorker } from '#server';
import {
  createMemoryOrders,
  naiveOrderWorkerOptions,
  type OrderStore,
  orderWorkerOptions,
} from '#systems/orders';
import { SHRINKING_INTERCEPTORS } from '#testkit';
import type { OrderStage } from './orders-stage.ts';

/** Of the demo's own server: nobody else polls them. */
export const TASK_QUEUE = 'orders-demo';
export const NAIVE_TASK_QUEUE = 'orders-demo-naive';

export interface OrderWorkersOptions {
  readonly stage: OrderStage;
  readonly temporal: { readonly client: Client; readonly nativeConnection: NativeConnection };
  readonly store: OrderStore;
}

/**
 * A worker for the orders, and one for the control.
 *
 * A failed attempt is tried again after 20 ms: nobody wants to watch the waiting.
 */
export async function openOrderWorkers(options: OrderWorkersOptions): Promise<AsyncDisposable> {
  const { stage, temporal, store } = options;
  const { client, nativeConnection: connection } = temporal;
  const { namespace, dataConverter } = client.options;
  const interceptors = { workflowModules: [SHRINKING_INTERCEPTORS] };
  const common = { connection, namespace, dataConverter, interceptors };
  const keyed = await runWorker({
    ...common,
    ...orderWorkerOptions({ taskQueue: TASK_QUEUE, orders: store, ...stage.keyed.clients }),
  });
  const naiveOptions = { taskQueue: NAIVE_TASK_QUEUE, orders: createMemoryOrders() };
  const naive = await runWorker({
    ...common,
    ...naiveOrderWorkerOptions({ ...naiveOptions, ...stage.naive.clients }),
  }).catch(async (error: unknown) => {
    await keyed[Symbol.asyncDispose]();
    throw error;
  });
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all([keyed[Symbol.asyncDispose](), naive[Symbol.asyncDispose]()]);
    },
  };
}
