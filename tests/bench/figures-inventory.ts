import { type Figure, openServer } from './figure.ts';
import { sellOrders } from './inventory.ts';

const ORDERS_SOLD = 1_000;

/** The ratio is what a workflow around each order costs, whatever the machine. */
export async function figuresOfInventory(): Promise<readonly Figure[]> {
  await using server = await openServer('brisk');
  const sold = await sellOrders(server, { orders: ORDERS_SOLD, atOnce: 20 });
  const perSecond = (ms: number) => (ORDERS_SOLD / ms) * 1_000;
  return [
    {
      what: `${ORDERS_SOLD} orders, each sent 3 times, 2 worker processes, PostgreSQL: ${sold.runs} runs, ${sold.joined} joined, ${sold.movements} movements`,
      figure: `${perSecond(sold.tookMs).toFixed(0)} orders/s`,
      limit: `${ORDERS_SOLD} movements`,
    },
    {
      what: `time of those orders, as against the same keyed inserts straight in PostgreSQL (${perSecond(sold.directMs).toFixed(0)}/s)`,
      figure: `${(sold.tookMs / sold.directMs).toFixed(1)} x`,
      limit: '',
    },
  ];
}
