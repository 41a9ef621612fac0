import type { Client } from '@temporalio/client';
import { createInventoryOrders, type Order } from '#systems/inventory';
import {
  createRecorder,
  type Evidence,
  failRandomly,
  type RandomFault,
  type Recorder,
} from '#testkit';
import type { InventoryProofInput } from './inventory-counted.ts';
import { createDeliveryDesk } from './inventory-deliveries.ts';
import type { InventoryStage } from './inventory-stage.ts';
import { type RowAnswer, sendOrders } from './inventory-starter.ts';
import { answersTable, failuresTable, productsTable, supplierTable } from './inventory-tables.ts';
import { proveDamage, proveInventory } from './inventory-verdict.ts';
import { openInventoryWorkers, TASK_QUEUE } from './inventory-worker.ts';

export interface InventoryDemoOptions {
  readonly stage: InventoryStage;
  readonly temporal: { readonly client: Client; readonly address: string };
  /** As they stand in the file, repeats included. */
  readonly orders: readonly Order[];
  /** Decides which attempts fail, and when deliveries come. */
  readonly seed: number;
  readonly workers: number;
  readonly signal?: AbortSignal;
}

/** What the demo found: its evidence, with tables and verdict, and the stock of one product. */
export interface InventoryDemo extends Evidence {
  /** `Product 123456 stock: 1001`: of the product of the first order. */
  readonly headline: string;
}

/** How many of 100 attempts fail before their effect, and how many of 100 effects are not reported. */
const FAILURE_PERCENT = 34;
/** What each product begins with. */
const OPENING_STOCK = 1_000;

const CLAIMS = {
  keyed:
    'Whatever fails on the way, what is left is what was there, less what was sold, and what came.',
  naive: 'THE CONTROL: a store that remembers its last order alone does not know what is left.',
};

/**
 * Sells the orders of a file while attempts fail at random and deliveries come twice and late, and adds up what is left.
 *
 * @throws the signal's reason; half a demo has no verdict
 */
export async function runInventoryDemo(options: InventoryDemoOptions): Promise<InventoryDemo> {
  const { stage, orders, seed } = options;
  const recorder = createRecorder(stage.naive ? CLAIMS.naive : CLAIMS.keyed);
  const fault = failRandomly({ percent: FAILURE_PERCENT, seed });
  await openProducts(stage, orders);
  recorder.before({ products: await stage.stock.products() });
  const { answers, told } = await sell(options, recorder, fault);

  const input = await lookAround(stage, answers);
  recorder.after({ products: await stage.stock.products() });
  recorder.effects(input.movements);
  recorder.table(answersTable(answers));
  recorder.table(failuresTable(recorder.evidence(), fault));
  recorder.table(supplierTable(input, told));
  recorder.table(productsTable(input));
  recorder.verdict(stage.naive ? proveDamage(input) : proveInventory(input));
  return { ...recorder.evidence(), headline: headlineOf(orders, input) };
}

/** The product of the first order last: where there is room for one record, it is that one's. */
async function openProducts({ stock }: InventoryStage, orders: readonly Order[]): Promise<void> {
  const productIds = new Set(orders.map(({ productId }) => productId));
  for (const productId of [...productIds].toReversed()) {
    await stock.put({ productId, inStock: OPENING_STOCK });
  }
}

async function sell(options: InventoryDemoOptions, recorder: Recorder, fault: RandomFault) {
  const { stage, temporal, orders, seed, signal } = options;
  let told = 0;
  await using _workers = await openInventoryWorkers({ ...options, recorder, fault });
  const answers = await sendOrders({
    orders,
    recorder,
    signal,
    inventory: createInventoryOrders({
      client: temporal.client,
      taskQueue: TASK_QUEUE,
      // The control's file knows one product, and is to be asked for all of them.
      stock: stage.naive ? { exists: async () => true } : stage.stock,
    }),
    desk: (productId) =>
      createDeliveryDesk({ stage, productId, seed, signal, onTold: () => void (told += 1) }),
  });
  return { answers, told };
}

async function lookAround(
  { stock, books }: InventoryStage,
  answers: readonly RowAnswer[],
): Promise<InventoryProofInput> {
  const products = await stock.products();
  return {
    opening: OPENING_STOCK,
    answers,
    movements: await stock.effects(),
    inStock: new Map(products.map(({ productId, inStock }) => [productId, inStock])),
    supplierOrders: await books.effects(),
  };
}

function headlineOf([first]: readonly Order[], { inStock }: InventoryProofInput): string {
  const productId = first?.productId ?? '';
  return `Product ${productId} stock: ${inStock.get(productId) ?? 'not known'}`;
}
