import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Database } from '#database';
import { KeyInFlightError, OutcomeUnknownError, StoreUnavailableError } from '#idempotency';
import {
  createInventoryActivities,
  createPostgresStock,
  type Delivery,
  InsufficientStockError,
  inventoryWorkflowId,
  type OrderInput,
  type SaleAnswer,
} from '#systems/inventory';
import { type Fault, letterOf, productOfParcel, type Schedule, type Step } from './schedule.ts';
import { createSupplier, deliveryOf, parcelOf } from './scheduled-supplier.ts';

export const REORDER_LEVEL = 2;
export const PACK_SIZE = 3;

// Every planted fault would be told.
const QUIET = new DefaultLogger('ERROR', () => {});

/** What an attempt at a sale was told. */
export type Told = SaleAnswer | 'refused';

export type ScheduledWorld = Awaited<ReturnType<typeof openWorld>>;

/** The real activities on the real store, without a server between them: an attempt costs milliseconds. */
export async function openWorld(database: Database, name: string, schedule: Schedule) {
  const { orders, rounds, opening } = schedule;
  const stock = createPostgresStock({ database });
  const productIds = [`${name}-product-1`, `${name}-product-2`] as const;
  const orderIdOf = (nth: number) => `${name}-${letterOf(nth)}`;
  for (const [nth, productId] of productIds.entries()) {
    const inStock = opening[nth] ?? 0;
    await stock.put({ productId, inStock, reorderLevel: REORDER_LEVEL, packSize: PACK_SIZE });
  }
  const { supplier, books } = createSupplier();
  const told = orders.map((): Told[] => []);
  const delivered = new Map<string, Delivery>();
  const outcomes: string[] = [];

  /** A process of its own: nothing is shared but the database and the supplier. */
  function activitiesUnder(fault: Fault, nth: number) {
    const workflowExecution = { workflowId: inventoryWorkflowId(orderIdOf(nth)), runId: 'run' };
    const environment = new MockActivityEnvironment({ workflowExecution }, { logger: QUIET });
    const activities = createInventoryActivities({
      stock: createPostgresStock({ database: struck(database, fault) }),
      supplier,
      onProgress: (progress) => 'outcome' in progress && outcomes.push(progress.outcome),
    });
    return { environment, activities };
  }

  async function sell(nth: number, fault: Fault): Promise<void> {
    const { product, quantity } = orders[nth] ?? { product: 0, quantity: 0 };
    const { environment, activities } = activitiesUnder(fault, nth);
    const productId = productIds[product] ?? '';
    const input = { order_id: orderIdOf(nth), product_id: productId, quantity };
    const update = activities.UpdateInventoryActivity;
    const answer = await environment
      .run<[OrderInput], SaleAnswer, typeof update>(update, input)
      .catch((error: unknown) => {
        if (error instanceof InsufficientStockError) return 'refused' as const;
        throw error;
      });
    if (fault !== 'dies after it') told[nth]?.push(answer);
  }

  async function askSupplier(nth: number, fault: Fault): Promise<void> {
    const { environment, activities } = activitiesUnder(fault, nth);
    const [answer] = told[nth] ?? [];
    if (answer === undefined || answer === 'refused' || answer.reorder === null) return;
    await environment.run(activities.SupplierOrderActivity, answer.reorder);
  }

  async function receive(delivery: Delivery, fault: Fault): Promise<void> {
    const store = createPostgresStock({ database: struck(database, fault) });
    delivered.set(delivery.deliveryId, delivery);
    await store.receive(delivery, { onOutcome: (outcome) => outcomes.push(outcome) });
  }

  function act({ do: what, nth, fault }: Step): Promise<void> | undefined {
    if (what === 'sale') return sell(nth % orders.length, fault);
    if (what === 'supplier order') return askSupplier(nth % orders.length, fault);
    const order = books[nth % books.length];
    if (what === 'delivery') return order && receive(deliveryOf(order), fault);
    return receive(
      parcelOf(`${name}-parcel-${nth}`, productIds[productOfParcel(nth)] ?? ''),
      fault,
    );
  }

  async function attempt(step: Step): Promise<void> {
    if (step.fault === 'dies before it') return;
    await act(step)?.catch((error: unknown) => {
      if (!isAskedAgain(error)) throw error;
    });
  }

  for (const steps of rounds) await Promise.all(steps.map(attempt));
  // Who was not answered asks again: the customers' runs, the supplier's outbox.
  const numbers = [...orders.keys()];
  await Promise.all(numbers.map((nth) => sell(nth, 'none')));
  await Promise.all(numbers.map((nth) => askSupplier(nth, 'none')));
  for (const order of books) delivered.set(order.id, deliveryOf(order));
  await Promise.all([...delivered.values()].map((delivery) => receive(delivery, 'none')));

  return { stock, schedule, productIds, orderIdOf, told, books, delivered, outcomes };
}

/** The same database, where one transaction comes to this end. */
function struck(database: Database, fault: Fault): Database {
  return {
    ...database,
    async transaction(work) {
      if (fault === 'the transaction is lost') {
        return await database.transaction(async (own) => {
          await work(own);
          throw new StoreUnavailableError('the connection was lost before COMMIT');
        });
      }
      const value = await database.transaction(work);
      if (fault === 'the confirmation of COMMIT is lost') throw new OutcomeUnknownError();
      return value;
    },
  };
}

/** What a retry is for; anything else is a finding. */
function isAskedAgain(error: unknown): boolean {
  return (
    error instanceof KeyInFlightError ||
    error instanceof StoreUnavailableError ||
    error instanceof OutcomeUnknownError
  );
}
