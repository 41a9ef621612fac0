import { type Figure, openServer, seconds } from './figure.ts';
import { placeMany, timeOrders } from './orders.ts';

const ORDERS_PLACED = 500;

/** Ratios of what a machine takes for the same calls in the same run. */
export async function figuresOfOrders(): Promise<readonly Figure[]> {
  await using server = await openServer('brisk');
  const times = await timeOrders(server, 50);
  const many = await placeMany(server, ORDERS_PLACED);
  const ratio = (ms: number, of: number) => `${ms.toFixed(0)} ms, ${(ms / of).toFixed(1)} x`;
  return [
    {
      what: `place-order until it is accepted, as against one start (${times.startMs.toFixed(1)} ms), medians of 50`,
      figure: ratio(times.acceptedMs, times.startMs),
      limit: '6 x',
    },
    {
      what: `until it is fulfilled, as against execute of one activity (${times.executeMs.toFixed(0)} ms), medians of 50`,
      figure: ratio(times.fulfilledMs, times.executeMs),
      limit: '3 x',
    },
    {
      what: `${ORDERS_PLACED} orders, each placed 3 times, ${many.faults} faults: ${many.started} runs, ${many.fulfilled} fulfilled, net money exact, none open`,
      figure: seconds(many.tookMs),
      limit: `${ORDERS_PLACED} runs`,
    },
  ];
}
