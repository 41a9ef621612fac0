import pLimit from 'p-limit';
import { IntentMismatchError } from '#idempotency';
import type { InventoryOrders, Order, OrderResult } from '#systems/inventory';
import { RunFailedError } from '#temporal';
import type { Answered, Recorder } from '#testkit';
import type { DeliveryDesk } from './inventory-deliveries.ts';

/** What one row of the file got. */
export interface RowAnswer {
  /** Counted from 1, in the order of the file. */
  readonly row: number;
  readonly order: Order;
  /** Of its run; `mismatch` where the order ID has a run for something else. */
  readonly outcome: string;
  /** Where the order was sold. */
  readonly result?: OrderResult;
  /** Where it was not: the name of the error that has ended its run. */
  readonly refusal?: string;
}

export interface StarterOptions {
  readonly orders: readonly Order[];
  readonly inventory: Pick<InventoryOrders, 'start'>;
  readonly recorder: Recorder;
  readonly desk: (productId: string) => DeliveryDesk;
  readonly signal?: AbortSignal | undefined;
}

/** How many products are under way at a time. */
const PRODUCTS_AT_ONCE = 16;

/**
 * Sends each row of the file, repeats too, and waits for its answer. The orders of one product follow each other, as they
 * stand in the file, so that a seed decides which of them find enough; those of all products are sent at once, and so is an
 * order that was pressed twice.
 */
export async function sendOrders(options: StarterOptions): Promise<readonly RowAnswer[]> {
  const answers: RowAnswer[] = [];
  const limit = pLimit(PRODUCTS_AT_ONCE);
  const rows = options.orders.map((order, index) => ({ order, row: index + 1 }));
  const sent = [...groups(rows, ({ order }) => order.productId)].map(([productId, ofProduct]) =>
    limit(async () => {
      const desk = options.desk(productId);
      for (const together of pressedTwice(ofProduct)) {
        options.signal?.throwIfAborted();
        answers.push(...(await Promise.all(together.map((row) => ask(options, row)))));
        await desk.afterOrder();
      }
      await desk.rest();
    }),
  );
  await Promise.all(sent);
  return answers.toSorted((one, other) => one.row - other.row);
}

interface Row {
  readonly order: Order;
  readonly row: number;
}

async function ask(
  { inventory, recorder }: StarterOptions,
  { order, row }: Row,
): Promise<RowAnswer> {
  const sender = { client: 'starter', about: `row ${row}, order ${order.orderId}` };
  const call = async (): Promise<Answered & Omit<RowAnswer, 'row' | 'order'>> => {
    try {
      const { outcome, runId, result } = await inventory.start(order);
      return { outcome, runId, ...(await resultOrRefusal(result())) };
    } catch (error) {
      if (error instanceof IntentMismatchError) return { outcome: 'mismatch', refusal: error.name };
      throw error;
    }
  };
  const { outcome, result, refusal } = await recorder.request(sender, call);
  return { row, order, outcome, ...(result && { result }), ...(refusal && { refusal }) };
}

async function resultOrRefusal(result: Promise<OrderResult>) {
  try {
    return { result: await result };
  } catch (error) {
    if (error instanceof RunFailedError) return { refusal: error.type };
    throw error;
  }
}

/** Rows that follow each other and are of one order. */
function pressedTwice(rows: readonly Row[]): readonly (readonly Row[])[] {
  const together: Row[][] = [];
  for (const row of rows) {
    const last = together.at(-1);
    if (last?.[0]?.order.orderId === row.order.orderId) last.push(row);
    else together.push([row]);
  }
  return together;
}

function groups<T>(values: readonly T[], nameOf: (value: T) => string): ReadonlyMap<string, T[]> {
  const found = new Map<string, T[]>();
  for (const value of values) {
    const name = nameOf(value);
    const group = found.get(name);
    if (group) group.push(value);
    else found.set(name, [value]);
  }
  return found;
}
