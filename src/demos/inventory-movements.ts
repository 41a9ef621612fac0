import type { KeyOutcome } from '#idempotency';
import type { Movement, MoveOptions, StockStore } from '#systems/inventory';

/** What is told of a movement. */
export type ToldMovement = Pick<Movement, 'kind' | 'key' | 'productId' | 'change' | 'inStock'>;

export type OnMovement = (movement: ToldMovement) => void;

/** The same stock, which tells each movement when it has been made: what a key answers from its first time moves nothing. */
export function tellMovements(stock: StockStore, onMovement: OnMovement): StockStore {
  return {
    ...stock,
    async sell(sale, options) {
      const { orderId: key, productId, quantity } = sale;
      const heard = hearing(options);
      const sold = await stock.sell(sale, heard.options);
      const { inStock } = sold;
      if (heard.isNew()) onMovement({ kind: 'sale', key, productId, change: -quantity, inStock });
      return sold;
    },
    async receive(delivery, options) {
      const { deliveryId: key, productId, quantity: change } = delivery;
      const heard = hearing(options);
      const received = await stock.receive(delivery, heard.options);
      const { inStock } = received;
      if (heard.isNew()) onMovement({ kind: 'delivery', key, productId, change, inStock });
      return received;
    },
  };
}

/** A store without keys reports none: all that it does is new. */
function hearing(options: MoveOptions = {}) {
  let heard: KeyOutcome = 'first';
  const onOutcome = (outcome: KeyOutcome) => {
    heard = outcome;
    options.onOutcome?.(outcome);
  };
  return { options: { ...options, onOutcome }, isNew: () => heard === 'first' };
}
