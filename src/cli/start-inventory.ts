import { Command, Option } from 'commander';
import { type Config, loadConfig } from '#config';
import {
  type DemoStock,
  type InventoryDemo,
  type InventoryStage,
  openInventoryStage,
  openNaiveStock,
  readInventoryOrders,
  runInventoryDemo,
  type ToldMovement,
} from '#demos';
import { IDEMPOTENCY_MIGRATIONS } from '#idempotency';
import { type Paint, paintFor, progressOn, renderEvidence, renderVerdict } from '#report';
import { createPostgresStock, INVENTORY_MIGRATIONS } from '#systems/inventory';
import { openTables, schemaOfItsOwn } from './accounts.ts';
import { fixture, wholeNumber } from './flags.ts';
import type { Ends, ExitCode } from './index.ts';
import { withDevServer } from './with-server.ts';

/** With it, order A12 fails before and after each of its two effects. */
const SEED = 7;

const STORES = ['postgres', 'json-naive'] as const;

interface InventoryFlags {
  readonly store: (typeof STORES)[number];
  readonly orders: string;
  readonly seed: number;
  readonly workers: number;
  readonly json?: true;
}

/** `press-twice start inventory`: orders, a stock and a supplier, while everything fails now and then. */
export function startInventoryCommand(ends: Ends): Command {
  return new Command('inventory')
    .description('orders and deliveries of a stock, while more than half of all attempts fail')
    .addOption(
      new Option('--store <where>', 'where the stock is; json-naive is the control')
        .choices(STORES)
        .default('postgres' satisfies InventoryFlags['store']),
    )
    .addOption(
      new Option('--orders <file>', 'CSV: order_id,product_id,quantity').default(
        fixture('inventory/orders.csv'),
        'fixtures/inventory/orders.csv',
      ),
    )
    .option('--seed <n>', 'which attempts fail, and when deliveries come', seed, SEED)
    .option('--workers <n>', 'how many workers share the work', workers, 2)
    .option('--json', 'print the evidence as one JSON document, and nothing else')
    .action(async (flags: InventoryFlags) => ends(await start(flags)));
}

async function start(flags: InventoryFlags): Promise<ExitCode> {
  const config = loadConfig();
  const orders = await readInventoryOrders(flags.orders);
  const progress = progressOn(process.stderr);
  const onProgress = ({ text }: { readonly text: string }) => progress.show(text);
  const open = async (signal: AbortSignal) => {
    const demoStock = await openStock(flags, config, onProgress, signal);
    const stage = await openInventoryStage(demoStock, tell).catch(async (error: unknown) => {
      await demoStock[Symbol.asyncDispose]();
      throw error;
    });
    return { signal, stage, [Symbol.asyncDispose]: () => closeBoth(stage, demoStock) };
  };
  const demo = await withDevServer({ config, progress, open }, (temporal, { signal, stage }) => {
    progress.end();
    return runInventoryDemo({ ...flags, stage, temporal, orders, signal });
  }).finally(() => progress.end());

  const text = flags.json ? JSON.stringify(demo) : renderDemo(demo, paintFor(process.stdout));
  process.stdout.write(`${text}\n`);
  return demo.verdict?.holds ? 0 : 1;
}

/** A stock that is empty at the start, and gone at the end. */
async function openStock(
  { store }: InventoryFlags,
  config: Config,
  onProgress: (event: { readonly text: string }) => void,
  signal: AbortSignal,
): Promise<DemoStock & AsyncDisposable> {
  if (store === 'json-naive') return await openNaiveStock();
  const migrations = [...IDEMPOTENCY_MIGRATIONS, ...INVENTORY_MIGRATIONS];
  const tables = await openTables(
    { config, migrations, onProgress, schema: schemaOfItsOwn() },
    signal,
  );
  return {
    stock: createPostgresStock({ database: tables.database }),
    naive: false,
    [Symbol.asyncDispose]: () => tables[Symbol.asyncDispose](),
  };
}

async function closeBoth(stage: InventoryStage, demoStock: AsyncDisposable): Promise<void> {
  try {
    await stage[Symbol.asyncDispose]();
  } finally {
    await demoStock[Symbol.asyncDispose]();
  }
}

/** Each movement as it comes. */
function tell({ kind, key, productId, change, inStock }: ToldMovement): void {
  const what =
    kind === 'sale'
      ? `order ${key}: ${-change} of ${productId} sold`
      : `delivery: ${change} of ${productId} came`;
  process.stderr.write(`${what}, ${inStock} in stock\n`);
}

function renderDemo(demo: InventoryDemo, paint: Paint): string {
  const verdict = demo.verdict ? renderVerdict(demo.verdict, paint) : '';
  return [renderEvidence(demo, paint), demo.headline, verdict].join('\n\n');
}

function seed(text: string): number {
  return wholeNumber(text, 0, 2 ** 32 - 1);
}

function workers(text: string): number {
  return wholeNumber(text, 1, 8);
}
