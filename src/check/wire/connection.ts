import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Answer, NotHttpError, noAnswer, takeAnswer } from './answer.ts';

/** Where a server listens: resolved once, so that it stays where it was found. */
export interface Place {
  readonly name: string;
  /** Tried in this order: `localhost` may be ::1 first, where a server for 127.0.0.1 does not listen. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** For `https:`; the name is the one that the certificate has to have. */
  readonly tls?: { readonly name: string; readonly ca?: string | undefined };
}

/** One connection, byte by byte. */
export interface Connection extends Disposable {
  /** Ends when the bytes have left this process, or the connection has ended: `answer` tells. */
  send(bytes: string | Buffer): Promise<void>;
  /** The next answer; status 0 where none comes. Never rejects. */
  answer(options?: AnswerOptions): Promise<Answer>;
}

export interface AnswerOptions {
  readonly bodiless?: boolean;
  readonly withinMs?: number;
}

export interface Wire extends Disposable {
  /**
   * A new connection. It is open, or its `answer` says why not.
   *
   * @throws the signal's reason, once it has come
   */
  connect(): Promise<Connection>;
}

/** Makes connections to one place, and ends all of them when the signal comes, or when it is disposed of. */
export function createWire(place: Place, timeoutMs: number, signal: AbortSignal): Wire {
  const open = new Set<Socket>();
  const endAll = () => {
    for (const socket of open) socket.destroy();
  };
  signal.addEventListener('abort', endAll, { once: true });
  return {
    async connect() {
      signal.throwIfAborted();
      const socket = place.tls ? overTls(place, place.tls) : overTcp(place);
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      const connection = createConnection(socket, timeoutMs);
      await opened(socket, place.tls ? 'secureConnect' : 'connect', timeoutMs);
      return connection;
    },
    [Symbol.dispose]() {
      signal.removeEventListener('abort', endAll);
      endAll();
    },
  };
}

function overTcp(place: Place): Socket {
  return connectTcp({ ...targetOf(place), noDelay: true });
}

function overTls(place: Place, { name, ca }: NonNullable<Place['tls']>): Socket {
  const secure = { ...(ca !== undefined && { ca }), ALPNProtocols: ['http/1.1'] };
  return connectTls({ ...targetOf(place), servername: name, ...secure });
}

function targetOf({ name, addresses, port }: Place) {
  const lookup: LookupFunction = (_name, _options, done) => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    done(null, found);
  };
  return { host: name, port, lookup, autoSelectFamily: true };
}

/** A server that is full takes connections late, or never. */
function opened(socket: Socket, event: string, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    socket.once(event, done).once('close', done);
  });
}

/** Hears the socket from its first moment, because an answer may come before anybody waits for it. */
function createConnection(socket: Socket, timeoutMs: number): Connection {
  let came: Buffer = Buffer.alloc(0);
  let ended = false;
  let failure: string | undefined;
  let wakeUp = () => {};
  const end = () => {
    ended = true;
    wakeUp();
  };
  socket.on('data', (chunk: Buffer) => {
    came = Buffer.concat([came, chunk]);
    wakeUp();
  });
  socket.on('end', end).on('close', end);
  socket.on('error', ({ message, code, reason }: NodeJS.ErrnoException & { reason?: string }) => {
    // TLS says in a word what its message takes lines for; where several addresses were tried, there is no message.
    failure = reason ?? (message || code);
    end();
  });

  const take = (bodiless: boolean): Answer | undefined => {
    if (ended && came.length === 0) {
      return noAnswer(socket.bytesWritten > 0 ? 'closed' : 'no connection', failure);
    }
    try {
      const taken = takeAnswer(came, { ended, bodiless });
      if (taken === undefined) return ended ? noAnswer('closed') : undefined;
      came = taken.rest;
      return taken.answer;
    } catch (error) {
      if (error instanceof NotHttpError) return noAnswer('not HTTP');
      throw error;
    }
  };

  return {
    send: (bytes) =>
      new Promise((resolve) => {
        if (socket.destroyed) return resolve();
        socket.once('close', resolve);
        socket.write(bytes, () => {
          socket.off('close', resolve);
          resolve();
        });
      }),
    answer: ({ bodiless = false, withinMs = timeoutMs } = {}) =>
      new Promise((resolve) => {
        const finish = (answer: Answer) => {
          clearTimeout(timer);
          wakeUp = () => {};
          resolve(answer);
        };
        const timer = setTimeout(() => finish(noAnswer('timed out')), withinMs);
        wakeUp = () => {
          const answer = take(bodiless);
          if (answer !== undefined) finish(answer);
        };
        wakeUp();
      }),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}
