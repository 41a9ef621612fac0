import { createApp, createRouter } from '#http';
import { type HttpServer, startHttpServer } from '#server';
import {
  createFulfilmentRouter,
  createGatewayRouter,
  createMailRouter,
  createServiceBooks,
  createServiceClients,
  type OrderServices as OrderClients,
  type ServiceBooks,
} from '#systems/orders';
import type { Script } from './orders-script.ts';

/** Where the demo plays: the three companies that an order needs, as HTTP services, twice. */
export interface OrderStage extends AsyncDisposable {
  /** They know keys. */
  readonly keyed: OrderServices;
  /** The control's, which know none. */
  readonly naive: OrderServices;
}

export interface OrderServices extends AsyncDisposable {
  readonly books: ServiceBooks;
  /** As we ask them. */
  readonly clients: OrderClients;
  /** From now on they do what this act says. */
  play(script: Script): void;
}

export async function openOrderStage(): Promise<OrderStage> {
  const keyed = await openServices({ naive: false });
  const naive = await openServices({ naive: true }).catch(async (error: unknown) => {
    await keyed[Symbol.asyncDispose]();
    throw error;
  });
  return {
    keyed,
    naive,
    async [Symbol.asyncDispose]() {
      await naive[Symbol.asyncDispose]();
      await keyed[Symbol.asyncDispose]();
    },
  };
}

/** Less than an attempt of an activity may take. */
const TIMEOUT_MS = 1_500;

async function openServices({ naive }: { readonly naive: boolean }): Promise<OrderServices> {
  const books = createServiceBooks();
  let script: Script | undefined;
  const service = {
    books,
    naive,
    behave: async (...asked: Parameters<Script['behave']>) => await script?.behave(...asked),
  };
  const app = createApp(
    tellScript(books, () => script),
    createGatewayRouter({ ...service, declines: () => script?.world.gateway.declines }),
    createFulfilmentRouter({ ...service, refuses: () => script?.world.fulfilment.refuses }),
    createMailRouter(service),
  );
  const server = await serve(app);
  return {
    books,
    clients: createServiceClients({ url: server.url, timeoutMs: TIMEOUT_MS, sendKey: !naive }),
    play: (next) => void (script = next),
    async [Symbol.asyncDispose]() {
      // A request that is held would hold the server.
      await Promise.all([script?.end(), server[Symbol.asyncDispose]()]);
    },
  };
}

/** In front of the services: sees what each has done, even where the answer is lost. */
function tellScript(books: ServiceBooks, script: () => Script | undefined) {
  const router = createRouter();
  router.use((request, response, next) => {
    const what = request.path.slice(1);
    const playing = script();
    response.once('close', () => {
      const of = bookOf(books, what);
      const { reference } = (request.body ?? {}) as { readonly reference?: unknown };
      if (of === undefined || typeof reference !== 'string') return;
      playing?.answered(what, {
        status: response.statusCode,
        replayed: response.getHeader('Idempotent-Replayed') === 'true',
        closed: of.isClosed(reference),
        entries: of.find(reference).length,
      });
    });
    next();
  });
  return router;
}

function bookOf(books: ServiceBooks, what: string) {
  const [name = ''] = what.split('/');
  return Object.hasOwn(books, name) ? books[name as keyof ServiceBooks] : undefined;
}

async function serve(app: Parameters<typeof startHttpServer>[0]['app']): Promise<HttpServer> {
  return await startHttpServer({ app, host: '127.0.0.1', port: 0 });
}
