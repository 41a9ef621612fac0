import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** How many requests have reached the server so far. */
  requestCount(): number;
}

/** Serves an Express app, or any request listener, on a free port of the loopback interface. */
export async function listen(app: RequestListener): Promise<Listening> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    app(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requestCount: () => requests,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * Middleware that lets the first `n` requests do their work and then cuts the connection instead of
 * answering: the effect happened, and the client hears nothing.
 */
export function loseAnswers(
  n: number,
): (request: unknown, response: AnswerToLose, next: () => void) => void {
  let left = n;
  return (_request, response, next) => {
    if (left > 0) {
      left -= 1;
      response.end = () => {
        response.socket?.destroy();
        return response;
      };
    }
    next();
  };
}

interface AnswerToLose {
  end: (...args: never[]) => unknown;
  readonly socket: { destroy(): void } | null;
}
