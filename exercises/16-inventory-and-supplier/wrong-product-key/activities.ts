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
    await shelf.ask(order.product, -order.quantity, { key: `sale:${order.product}` });
  },

  async buy(order: Order): Promise<void> {
    await supplier.ask(order.product, 1000, { key: `purchase:${order.product}` });
  },

  async restock(order: Order): Promise<void> {
    await shelf.ask(order.product, 1000, { key: `restock:${order.product}` });
  },
});
