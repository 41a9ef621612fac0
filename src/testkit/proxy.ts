import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** Where the proxy passes everything on to. */
export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
}

/** A network between a client and a server that does what it is told. It forwards bytes and understands none of them. */
export interface Proxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** The same URL, but through the proxy: `http://…`, `postgres://…`. */
  through(url: string): string;
  /**
   * Lets requests through whose bytes match and cuts the client off instead of answering: the server has
   * acted, and the client cannot know.
   *
   * `match` sees what the client has sent since the server last said something: a whole request, where a
   * client waits for its answers. It is asked again with each piece that arrives.
   *
   * @param options.times how many answers are lost; default 1
   */
  loseAnswerTo(match: (bytes: Buffer) => boolean, options?: { readonly times?: number }): void;
  /** How many answers were lost so far. An experiment that lost none has shown nothing. */
  readonly lostAnswers: number;
  /** Holds back what the server says from now on, in milliseconds; 0 ends it. */
  delay(ms: number): void;
  /** Cuts all connections, and each new one as soon as it is made, until `restore`. */
  cut(): void;
  restore(): void;
}

/** Starts a proxy on a free port of the loopback interface. */
export async function startProxy(target: ProxyTarget): Promise<Proxy> {
  const state: State = { delayMs: 0, isCut: false, lostAnswers: 0, toLose: [] };
  const clients = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    clients.add(client);
    client.once('close', () => clients.delete(client));
    if (state.isCut) client.resetAndDestroy();
    else forward(client, connect({ ...target, allowHalfOpen: true }), state);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, HOST, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const cutAll = () => clients.forEach((client) => client.resetAndDestroy());

  return {
    host: HOST,
    port,
    through(url) {
      const changed = new URL(url);
      changed.host = `${HOST}:${port}`;
      // A URL has a slash at its end that the given one may not have had.
      return url.endsWith('/') ? changed.href : changed.href.replace(/\/$/, '');
    },
    loseAnswerTo: (match, { times = 1 } = {}) => void state.toLose.push({ match, left: times }),
    get lostAnswers() {
      return state.lostAnswers;
    },
    delay: (ms) => void (state.delayMs = ms),
    cut() {
      state.isCut = true;
      cutAll();
    },
    restore: () => void (state.isCut = false),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      cutAll();
      await closed;
    },
  };
}

const HOST = '127.0.0.1';

interface State {
  delayMs: number;
  isCut: boolean;
  lostAnswers: number;
  readonly toLose: { readonly match: (bytes: Buffer) => boolean; left: number }[];
}

function forward(client: Socket, server: Socket, state: State): void {
  let request = Buffer.alloc(0);
  let isToLose = false;
  let isLost = false;
  let said = Promise.resolve();

  client.on('data', (bytes) => {
    request = Buffer.concat([request, bytes]);
    const lost = isToLose
      ? undefined
      : state.toLose.find(({ left, match }) => left > 0 && match(request));
    if (lost) lost.left -= 1;
    isToLose ||= lost !== undefined;
    server.write(bytes);
  });
  server.on('data', (bytes) => {
    request = Buffer.alloc(0);
    if (isLost) return;
    if (isToLose) {
      isLost = true;
      state.lostAnswers += 1;
      client.resetAndDestroy();
    } else {
      said = inTurn(said, state.delayMs, () => void client.write(bytes));
    }
  });

  client.on('end', () => server.end());
  server.on('end', () => void (said = inTurn(said, 0, () => void client.end())));
  // A server whose answer is lost is left in peace: a reset could overtake what it still has to read.
  client.on('close', () => void (isLost ? server.end() : server.destroy()));
  server.on('error', () => client.resetAndDestroy());
  client.on('error', () => {}); // Its close tells.
}

/** Keeps the order of what is held back, and the time between. */
async function inTurn(before: Promise<void>, delayMs: number, act: () => void): Promise<void> {
  const due = Date.now() + delayMs;
  await before;
  const leftMs = due - Date.now();
  if (delayMs > 0 && leftMs > 0) await setTimeout(leftMs, undefined, { ref: false });
  act();
}
