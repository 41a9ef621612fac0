import { proxyActivities } from '@temporalio/workflow';

interface Activities {
  sell(order: Order): Promise<void>;
  buy(order: Order): Promise<void>;
  restock(order: Order): Promise<void>;
}

interface Order {
  readonly id: string;
  readonly product: string;
  readonly quantity: number;
}

const { sell, buy, restock } = proxyActivities<Activities>({ startToCloseTimeout: '10 seconds' });

/** Sells, asks the supplier for a thousand more, and puts them on the shelf. */
export async function Fulfil(order: Order): Promise<void> {
  await sell(order);
  await buy(order);
  await restock(order);
}
