/**
 * `npm run bench`: figures and ratios, for comparing before and after on one machine in one run. All of them, or those of
 * one part: `npm run bench -- orders`.
 */
import { loadConfig } from '#config';
import { SEARCH_ATTRIBUTES } from '#server';
import { MAX_BATCH_ORDERS } from '#systems/superscript';
import { startDevServer } from '#temporal/dev-server';
import { floodOf } from './flood.ts';
import { sellOrders } from './inventory.ts';
import { placeMany, timeOrders } from './orders.ts';
import { type PaidBatch, payBatch } from './payments.ts';
import { raceOnOneOrder } from './race.ts';
import { runCommand } from './run-command.ts';

const RACES = 30;
const ORDERS_SOLD = 1_000;
const ORDERS_PLACED = 500;
const orders = wholeNumber('BENCH_ORDERS', 100, MAX_BATCH_ORDERS);

interface Figure {
  readonly what: string;
  readonly figure: string;
  readonly limit: string;
}

const PARTS = {
  races: figuresOfRaces,
  scripts: figuresOfScripts,
  inventory: figuresOfInventory,
  orders: figuresOfOrders,
  commands: figuresOfCommands,
};
const [, , ...named] = process.argv;
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(PARTS)) {
  if (named.length === 0 || named.includes(name)) figures.push(...(await measure()));
}
console.table(figures);

async function openServer(settings: 'brisk' | 'default') {
  return await startDevServer({
    config: loadConfig(),
    settings,
    searchAttributes: SEARCH_ATTRIBUTES,
    onProgress: () => {},
  });
}

async function figuresOfRaces(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const settings of ['brisk', 'default'] as const) {
    await using server = await openServer(settings);
    const five = await raceOnOneOrder(server, { clients: 5, races: RACES });
    figures.push({
      what: `5 clients, barrier to 5 equal answers, median of ${RACES}, ${settings} server`,
      figure: `${five.medianMs.toFixed(1)} ms`,
      limit: settings === 'brisk' ? '40 ms' : '',
    });
    if (settings === 'brisk') {
      const many = await raceOnOneOrder(server, { clients: 500, races: 1 });
      figures.push({
        what: `500 clients on one order: ${many.runs} run, ${many.effects} effect`,
        figure: `${many.medianMs.toFixed(0)} ms`,
        limit: '1 run, 1 effect',
      });
    }
  }
  return figures;
}

async function figuresOfCommands(): Promise<readonly Figure[]> {
  // Without npm in between, which has some 55 MB of its own.
  const start = await runCommand(
    [process.execPath, '--import', 'tsx/esm', 'src/cli/main.ts', 'start'],
    /The first order: PROOF OF IDEMPOTENCY/,
  );
  const test = await runCommand(['npm', 'test'], /Tests /);
  return [
    { what: 'npm start, first proof', figure: `${start.matchedS.toFixed(1)} s`, limit: '5 s' },
    { what: 'npm start, whole batch', figure: `${start.tookS.toFixed(1)} s`, limit: '15 s' },
    { what: 'npm start, memory with the server', figure: `${start.peakMb} MB`, limit: '600 MB' },
    {
      what: `npm test, exit code ${test.exitCode}`,
      figure: `${test.tookS.toFixed(1)} s`,
      limit: '300 s',
    },
  ];
}

/** Before anything is measured: a figure of nothing is none. */
function wholeNumber(name: string, unless: number, most: number): number {
  const number = Number(process.env[name] ?? unless);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new RangeError(`${name} has to be a whole number from 1 to ${most}`);
}

/** `BENCH_ORDERS=10000` for the long one; a hundred unless told. */
async function figuresOfScripts(): Promise<readonly Figure[]> {
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

/** The ratio is what a workflow around each order costs, whatever the machine. */
async function figuresOfInventory(): Promise<readonly Figure[]> {
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

/** Ratios of what a machine takes for the same calls in the same run. */
async function figuresOfOrders(): Promise<readonly Figure[]> {
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

function linesOf({ collected, confirmed, succeeded }: PaidBatch): string {
  return `${succeeded} paid, ${collected} lines of step 1, ${confirmed} of step 2`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
