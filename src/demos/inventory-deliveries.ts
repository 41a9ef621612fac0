import { draw } from '#testkit';
import type { InventoryStage } from './inventory-stage.ts';

export interface DeliveryDesk {
  /** One more order of the product is answered: the supplier tells what is due now. */
  afterOrder(): Promise<void>;
  /** The supplier tells all that is left. */
  rest(): Promise<void>;
}

interface DeskOptions {
  readonly stage: Pick<InventoryStage, 'books' | 'deliveries'>;
  readonly productId: string;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** Hears of each time that a delivery was told. */
  readonly onTold: () => void;
}

/**
 * A supplier that tells each delivery of a product twice, both times late: up to three orders after it was asked, and up
 * to five more. So it may be told again when the next one has come. The seed decides.
 */
export function createDeliveryDesk(options: DeskOptions): DeliveryDesk {
  const { stage, productId, seed, signal, onTold } = options;
  let answered = 0;
  let booked = 0;
  let due: Telling[] = [];

  /** The supplier's names are random; its n-th order of a product is the same in each run. */
  const book = () => {
    const orders = stage.books.find().filter((order) => order.productId === productId);
    for (const { id } of orders.slice(booked)) {
      booked += 1;
      const upTo = (most: number, time: string) =>
        Math.floor(draw(seed, 'delivery', productId, booked, time) * (most + 1));
      const first = answered + upTo(3, 'first');
      due.push({ id, after: first }, { id, after: first + upTo(5, 'again') });
    }
  };
  const tell = async (isDue: (telling: Telling) => boolean) => {
    const now = due.filter(isDue).toSorted((one, other) => one.after - other.after);
    due = due.filter((telling) => !isDue(telling));
    for (const { id } of now) {
      await stage.deliveries.deliver(id, signal);
      onTold();
    }
  };
  return {
    async afterOrder() {
      book();
      answered += 1;
      await tell(({ after }) => after < answered);
    },
    async rest() {
      book();
      await tell(() => true);
    },
  };
}

interface Telling {
  readonly id: string;
  /** How many orders of the product are answered before. */
  readonly after: number;
}
