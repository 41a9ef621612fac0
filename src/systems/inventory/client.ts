import type { Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { scoped } from '#idempotency';
import { ORDER_ID, reportStart, runState, searchAttributes, startOrJoin } from '#temporal';
import { UnknownProductError } from './errors.ts';
import { inventoryWorkflowId } from './ids.ts';
import { type Order, orderFromInput, orderToInput } from './order.ts';
import type { InventoryOrders } from './orders.ts';
import type { OnInventoryProgress } from './progress.ts';
import type { StockStore } from './stock.ts';
import type { InventoryWorkflow } from './workflows.ts';

/** What an operator finds the orders of a product by. A server must know it before the first start. */
export const PRODUCT_ID = defineSearchAttributeKey('ProductId', SearchAttributeType.KEYWORD);

export interface InventoryOrdersOptions {
  readonly client: Client;
  readonly taskQueue: string;
  /** Asked before the start, so that an order for an unknown product uses up no order ID. */
  readonly stock: Pick<StockStore, 'exists'>;
  readonly fingerprintKey?: string | undefined;
  readonly onProgress?: OnInventoryProgress | undefined;
}

/** Orders through the workflow: one order, one run, whoever sends it and however often. */
export function createInventoryOrders(options: InventoryOrdersOptions): InventoryOrders {
  const { client, stock, onProgress } = options;
  return {
    async start(order, { retryFailed = false } = {}) {
      orderFromInput(orderToInput(order));
      if (!(await stock.exists(scoped(order.tenant, order.productId)))) {
        throw new UnknownProductError(order.productId);
      }
      return await reportStart(startOrder(options, order, retryFailed), onProgress);
    },
    state: (orderId, tenant) =>
      runState<typeof InventoryWorkflow>(client, inventoryWorkflowId(orderId, tenant)),
  };
}

function startOrder(
  { client, taskQueue, fingerprintKey }: InventoryOrdersOptions,
  order: Order,
  retryFailed: boolean,
) {
  return startOrJoin<typeof InventoryWorkflow>(client, 'InventoryWorkflow', {
    workflowId: inventoryWorkflowId(order.orderId, order.tenant),
    taskQueue,
    args: [orderToInput(order)],
    retryFailed,
    fingerprintKey,
    workflowExecutionTimeout: '2 days',
    workflowRunTimeout: '2 days',
    workflowTaskTimeout: '10 seconds',
    typedSearchAttributes: searchAttributes(client, order.tenant, [
      { key: ORDER_ID, value: order.orderId },
      { key: PRODUCT_ID, value: order.productId },
    ]),
  });
}
