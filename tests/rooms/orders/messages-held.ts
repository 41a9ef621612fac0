import { v4 as uuid } from 'uuid';
import {
  type Asked,
  createMemoryOrders,
  type OrderInput,
  type OrderStore,
  orderWorkflowId,
} from '#systems/orders';
import { createBarrier, type Fault, failTimes, holdActivityUntilOpen } from '#testkit';

/** Two cups at 4.50. */
export function newOrder(): OrderInput {
  const items = [{ sku: 'tea', quantity: 2, unit_price_cents: 4_50 }];
  return { order_id: uuid(), customer_id: 'ann', items, currency: 'EUR' };
}

export function idOf({ order_id }: OrderInput): string {
  return orderWorkflowId(order_id);
}

/** Something that waits on its way until it may go on. */
interface Held {
  /** It is on its way. */
  readonly isHeld: Promise<void>;
  goOn(): Promise<void>;
}

/** The requests to one collection of another company are held before anything happens. */
export function holdRequests(what: string): Held & { behave(asked: Asked): Promise<undefined> } {
  const [held, mayGoOn] = [createBarrier(1), createBarrier(1)];
  return {
    isHeld: held.opened,
    goOn: () => mayGoOn.arrive(),
    async behave(asked) {
      if (asked.what !== what) return;
      await held.arrive();
      await mayGoOn.opened;
    },
  };
}

interface HeldValidation extends Held {
  /** For `openOrders`. */
  readonly experiment: {
    readonly store: OrderStore;
    readonly faults: readonly Fault[];
    readonly shrink: false;
  };
}

/** The order is held before it is written down. The first attempt, which no message overtakes, is a local one, and fails. */
export function holdValidation(): HeldValidation {
  const [held, mayGoOn] = [createBarrier(1), createBarrier(1)];
  const store = createMemoryOrders();
  return {
    isHeld: held.opened,
    goOn: () => mayGoOn.arrive(),
    experiment: {
      faults: [failTimes(1, { activity: 'ValidateOrder' })],
      shrink: false,
      store: {
        ...store,
        async record(...draft) {
          await held.arrive();
          await holdActivityUntilOpen(mayGoOn);
          return await store.record(...draft);
        },
      },
    },
  };
}
