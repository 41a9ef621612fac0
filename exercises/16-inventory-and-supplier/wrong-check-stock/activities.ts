interface Receiver {
  /** Does it once for a key. */
  ask(product: string, quantity: number, options?: { key?: string }): Promise<void>;
  /** What it has done for a product. */
  done(product: string): Promise<readonly number[]>;
}

interface Order {
  readonly id: string;
  readonly product: string;
  readonly quantity: number;
}

export const createActivities = (shelf: Receiver, supplier: Receiver) => ({
  async sell(order: Order): Promise<void> {
    const moves = await shelf.done(order.product);
    if (!moves.includes(-order.quantity)) await shelf.ask(order.product, -order.quantity);
  },

  async buy(order: Order): Promise<void> {
    const moves = await shelf.done(order.product);
    const inStock = moves.reduce((sum, move) => sum + move, 0);
    if (inStock < 1000) await supplier.ask(order.product, 1000);
  },

  async restock(order: Order): Promise<void> {
    const moves = await shelf.done(order.product);
    const inStock = moves.reduce((sum, move) => sum + move, 0);
    if (inStock < 1000) await shelf.ask(order.product, 1000);
  },
});
