import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';

export interface HttpServer extends AsyncDisposable {
  /** `http://127.0.0.1:8081`, without a slash at the end. */
  readonly url: string;
}

export interface HttpServerOptions {
  readonly app: RequestListener;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
}

/**
 * Listens until it is disposed of; then no new connection is taken, requests under way are answered, and
 * connections are closed, however long their clients would keep them.
 *
 * @throws {PortTakenError}
 */
export async function startHttpServer({ app, host, port }: HttpServerOptions): Promise<HttpServer> {
  const server = createServer(app);
  const stop = stopping(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new PortTakenError(host, port, { cause: error }));
    });
    server.listen(port, host, resolve);
  });

  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${bound}`,
    [Symbol.asyncDispose]: stop,
  };
}

/** Node alone waits for what a client keeps open: five seconds for one that has its answer, a minute for one that has not asked. */
function stopping(server: Server): () => Promise<void> {
  const underWay = new Set<ServerResponse>();
  const closeWhenAnswered = () => {
    if (underWay.size === 0 && !server.listening) server.closeAllConnections();
  };
  server.on('request', (_request, response) => {
    underWay.add(response);
    response.once('close', () => {
      underWay.delete(response);
      closeWhenAnswered();
    });
  });

  return async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const response of underWay) {
      if (!response.headersSent) response.setHeader('Connection', 'close');
    }
    closeWhenAnswered();
    await closed;
  };
}

/** The address cannot be listened on: somebody else has the port, or the host is not this machine's. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';

  constructor(host: string, port: number, options: { readonly cause: NodeJS.ErrnoException }) {
    super(
      `Cannot listen on ${host}:${port} (${options.cause.code}): use another --port, or 0 for any`,
      options,
    );
  }
}
