import { createServer, type RequestListener } from 'node:http';
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
 * idle connections are closed.
 *
 * @throws {PortTakenError}
 */
export async function startHttpServer({ app, host, port }: HttpServerOptions): Promise<HttpServer> {
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new PortTakenError(host, port, { cause: error }));
    });
    server.listen(port, host, resolve);
  });

  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${bound}`,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeIdleConnections();
      });
    },
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
