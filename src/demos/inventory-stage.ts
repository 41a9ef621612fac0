import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { createApp } from '#http';
import { type HttpServer, startHttpServer } from '#server';
import {
  createDeliveries,
  createDeliveryRouter,
  createNaiveJsonStock,
  createSupplierClient,
  createSupplierLedger,
  createSupplierRouter,
  type Deliveries,
  type StockStore,
  type Supplier,
  type SupplierLedger,
} from '#systems/inventory';
import { type OnMovement, tellMovements } from './inventory-movements.ts';

/** A stock that the demo may fill, and damage. */
export interface DemoStock {
  readonly stock: StockStore;
  /** Without keys: the control. Its supplier knows none either. */
  readonly naive: boolean;
}

/** Where the demo plays: the stock, and the supplier, which is another company's HTTP service. */
export interface InventoryStage extends DemoStock, AsyncDisposable {
  /** The service, as we ask it. */
  readonly supplier: Supplier;
  /** The supplier's books: what it was asked for. */
  readonly books: SupplierLedger;
  /** The supplier's outbox; it tells our `POST /deliveries`. */
  readonly deliveries: Deliveries;
}

/** @param onMovement hears of each movement as it comes */
export async function openInventoryStage(
  { stock: quiet, naive }: DemoStock,
  onMovement: OnMovement,
): Promise<InventoryStage> {
  const stock = tellMovements(quiet, onMovement);
  const books = createSupplierLedger();
  const theirs = await serve(createApp(createSupplierRouter({ ledger: books, naive })));
  const ours = await serve(createApp(createDeliveryRouter({ stock }))).catch(async (error) => {
    await theirs[Symbol.asyncDispose]();
    throw error;
  });
  return {
    stock,
    naive,
    supplier: createSupplierClient({ url: theirs.url, timeoutMs: 1_500, sendKey: !naive }),
    books,
    deliveries: createDeliveries({ ledger: books, url: `${ours.url}/deliveries` }),
    async [Symbol.asyncDispose]() {
      await ours[Symbol.asyncDispose]();
      await theirs[Symbol.asyncDispose]();
    },
  };
}

/**
 * The control's stock, in a folder that is gone afterwards.
 *
 * The demo puts a lock around it, which the store itself lacks: what is shown then is what the missing keys do, and not what
 * two writers of one file do to each other, who can also tear it for good.
 */
export async function openNaiveStock(): Promise<DemoStock & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-inventory-'));
  const stock = createNaiveJsonStock({ path: join(folder, 'inventory.json') });
  const lock = pLimit(1);
  return {
    stock: {
      ...stock,
      sell: (sale, options) => lock(() => stock.sell(sale, options)),
      receive: (delivery, options) => lock(() => stock.receive(delivery, options)),
    },
    naive: true,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function serve(app: Parameters<typeof startHttpServer>[0]['app']): Promise<HttpServer> {
  return await startHttpServer({ app, host: '127.0.0.1', port: 0 });
}
