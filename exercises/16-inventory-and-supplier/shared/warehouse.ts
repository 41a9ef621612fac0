import type { Recorder } from '#testkit';

/** A shelf or a supplier: it does what it is asked for, once for a key. */
export interface Receiver {
  ask(product: string, quantity: number, options?: { key?: string }): Promise<void>;
  /** What it has done for a product, in its own order. */
  done(product: string): Promise<readonly number[]>;
}

export interface Warehouse {
  readonly shelf: Receiver;
  readonly supplier: Receiver;
}

/** Whatever it is asked for is in the picture. */
export function createWarehouse(recorder: Recorder): Warehouse {
  return {
    shelf: createReceiver('shelf', recorder),
    supplier: createReceiver('supplier', recorder),
  };
}

function createReceiver(name: string, recorder: Recorder): Receiver {
  const book: { product: string; quantity: number }[] = [];
  const known = new Set<string>();
  const quantities = (product: string) =>
    book.filter((entry) => entry.product === product).map(({ quantity }) => quantity);

  return {
    async ask(product, quantity, { key } = {}) {
      const came = key !== undefined && known.has(key) ? 'known' : 'written';
      if (came === 'written') book.push({ product, quantity });
      if (key !== undefined) known.add(key);
      const what = `${name} ${quantity < 0 ? '−' : '+'}${Math.abs(quantity)}`;
      recorder.ledger({ what, came, about: product, ...(key !== undefined && { key }) });
    },
    done: async (product) => quantities(product),
  };
}
