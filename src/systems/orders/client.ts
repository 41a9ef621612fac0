import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { fingerprint, IntentMismatchError } from '#idempotency';
import {
  askRun,
  ORDER_ID,
  placeOrJoin,
  reportStart,
  runState,
  searchAttributes,
  throughOutages,
} from '#temporal';
import { OrderNotOpenError } from './errors.ts';
import { orderWorkflowId, paymentOfCharge } from './ids.ts';
import type { OrderInput } from './order.ts';
import { requireOrder } from './order-input.ts';
import type { AcceptedOrder, OrderUpdate } from './order-messages.ts';
import type { OrderState } from './order-state.ts';
import type { Orders, SentUpdate } from './orders.ts';
import type { OnOrderProgress } from './progress.ts';
import { CUSTOMER_ID, statusAttribute } from './search-attributes.ts';
import type { CreateOrderWorkflow } from './workflows.ts';

export interface OrdersOptions {
  readonly client: Client;
  readonly taskQueue: string;
  readonly fingerprintKey?: string | undefined;
  /** How long a query may take before the state is told without it, in milliseconds; 2,000 unless told. */
  readonly queryWithinMs?: number;
  readonly onProgress?: OnOrderProgress | undefined;
}

/** Orders through the workflow: one order, one run, whoever sends it and however often. */
export function createOrders(options: OrdersOptions): Orders {
  const { client, onProgress, queryWithinMs } = options;
  const signal = (orderId: string, tenant: string | undefined, name: string, ...args: unknown[]) =>
    sendSignal(client, { workflowId: orderWorkflowId(orderId, tenant), orderId, name, args });
  return {
    async place(order) {
      const placing = placeOrder(options, requireOrder(order));
      const [run, started] = await Promise.all([placing, reportStart(placing, onProgress)]);
      return { ...started, accepted: run.answer };
    },
    async state(orderId, tenant) {
      const workflowId = orderWorkflowId(orderId, tenant);
      const state = await runState<typeof CreateOrderWorkflow>(client, workflowId);
      if (state === undefined) return undefined;
      const order = await askRun<OrderState>(client, workflowId, 'getOrderState', queryWithinMs);
      const { runId, status } = state;
      const error = state.status === 'failed' ? { error: state.error } : {};
      return { workflowId, runId, status, order, ...error };
    },
    isKnown: async (orderId, tenant) =>
      (await runState(client, orderWorkflowId(orderId, tenant))) !== undefined,
    update: (orderId, update, tenant) => sendUpdate(options, orderId, update, tenant),
    cancel: (orderId, reason, tenant) => signal(orderId, tenant, 'cancel-order', { reason }),
    retryCompensation: (orderId, tenant) => signal(orderId, tenant, 'retry-compensation'),
    async paymentEvent(reference) {
      const workflowId = paymentOfCharge(reference);
      if (workflowId === undefined) return false;
      try {
        await sendSignal(client, {
          workflowId,
          orderId: workflowId,
          name: 'payment-event',
          args: [],
        });
        return true;
      } catch (error) {
        // Nobody waits for it any more: its payment has its answer.
        if (error instanceof OrderNotOpenError) return false;
        throw error;
      }
    },
  };
}

function placeOrder({ client, taskQueue, fingerprintKey }: OrdersOptions, order: OrderInput) {
  const { order_id, customer_id, tenant } = order;
  return placeOrJoin<typeof CreateOrderWorkflow, AcceptedOrder>(client, 'CreateOrderWorkflow', {
    workflowId: orderWorkflowId(order_id, tenant),
    taskQueue,
    args: [order],
    update: 'place-order',
    fingerprintKey,
    workflowTaskTimeout: '10 seconds',
    typedSearchAttributes: [
      ...searchAttributes(client, tenant, [
        { key: ORDER_ID, value: order_id },
        { key: CUSTOMER_ID, value: customer_id },
      ]),
      statusAttribute('CREATED'),
    ],
  });
}

interface Signal {
  readonly workflowId: string;
  readonly orderId: string;
  readonly name: string;
  readonly args: unknown[];
}

async function sendSignal(client: Client, { workflowId, orderId, name, args }: Signal) {
  await throughOutages(async () => {
    try {
      await client.workflow.getHandle(workflowId).signal(name, ...args);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw new OrderNotOpenError(orderId);
      throw error;
    }
  });
}

async function sendUpdate(
  { client, queryWithinMs, fingerprintKey }: OrdersOptions,
  orderId: string,
  update: OrderUpdate,
  tenant: string | undefined,
): Promise<SentUpdate> {
  const workflowId = orderWorkflowId(orderId, tenant);
  const { update_id } = update;
  const signed = { ...update, fingerprint: fingerprint(update, fingerprintKey) };
  const ask = () => askRun<OrderState>(client, workflowId, 'getOrderState', queryWithinMs);
  const before = knownIn(await ask(), signed);
  if (before !== undefined) return { update_id, ...before, replayed: true };

  const name = 'order-update-signal';
  await sendSignal(client, { workflowId, orderId, name, args: [signed] });
  const after = knownIn(await ask(), signed);
  return { update_id, ...(after ?? { outcome: 'pending', reason: null }), replayed: false };
}

/** @throws {IntentMismatchError} */
function knownIn(
  state: OrderState | undefined,
  { update_id, fingerprint: asked }: OrderUpdate,
): Pick<SentUpdate, 'outcome' | 'reason'> | undefined {
  const known = state?.updates.find((one) => one.update_id === update_id);
  if (known === undefined) return undefined;
  if (known.fingerprint !== null && known.fingerprint !== asked) {
    throw new IntentMismatchError(update_id, 'input');
  }
  const { refused: reason } = known;
  return { outcome: reason === null ? 'applied' : 'refused', reason };
}
