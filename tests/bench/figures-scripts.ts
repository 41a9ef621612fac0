import { MAX_BATCH_ORDERS } from '#systems/superscript';
import { type Figure, openServer, seconds } from './figure.ts';
import { floodOf } from './flood.ts';
import { type PaidBatch, payBatch } from './payments.ts';

const orders = wholeNumber('BENCH_ORDERS', 100, MAX_BATCH_ORDERS);

/** `BENCH_ORDERS=10000` for the long one; a hundred unless told. */
export async function figuresOfScripts(): Promise<readonly Figure[]> {
  await using server = await openServer('brisk');
  const slow = { orders: 100, scriptMs: 500, firstOrderId: 1_000_000, xargs: true };
  const slowly = await payBatch(server, slow);
  const fast = { orders: 100, scriptMs: 10, firstOrderId: 2_000_000, xargs: true };
  const fastly = await payBatch(server, fast);
  const many = { orders, scriptMs: 0, firstOrderId: 3_000_000, xargs: false };
  const all = await payBatch(server, many);
  const flood = await floodOf(1024 ** 3);
  return [
    {
      what: `100 orders, a 500 ms script, 8 at a time (xargs -P 8: ${seconds(slowly.xargsMs)})`,
      figure: `${seconds(slowly.tookMs)}, ${(slowly.tookMs / slowly.xargsMs).toFixed(2)} x`,
      limit: '2 x',
    },
    {
      what: '100 orders, a 10 ms script: orchestration an order',
      figure: `${((fastly.tookMs - fastly.xargsMs) / 100).toFixed(0)} ms`,
      limit: '80 ms',
    },
    {
      what: `${orders} orders, the script alone: ${linesOf(all)}`,
      figure: seconds(all.tookMs),
      limit: orders === 10_000 ? '600 s' : '',
    },
    {
      what: 'a script that prints 1 GiB: growth of the memory of its worker',
      figure: `${(flood.grownBytes / 1024 ** 2).toFixed(0)} MB`,
      limit: '50 MB',
    },
  ];
}

/** Before anything is measured: a figure of nothing is none. */
function wholeNumber(name: string, unless: number, most: number): number {
  const number = Number(process.env[name] ?? unless);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new RangeError(`${name} has to be a whole number from 1 to ${most}`);
}

function linesOf({ collected, confirmed, succeeded }: PaidBatch): string {
  return `${succeeded} paid, ${collected} lines of step 1, ${confirmed} of step 2`;
}
