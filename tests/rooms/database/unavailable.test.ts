import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect } from 'vitest';
import { openDatabase } from '#database';
import { StoreUnavailableError } from '#idempotency';
import { createBarrier } from '#testkit';
import { it } from '#testkit/database';
import { behindProxy, createNotes, cutAtTheServer, note, notesIn } from './notes.ts';

describe('a pool of two connections that are both held', () => {
  it('turns the third caller away in time, and never runs its work', async ({
    database,
    databaseUrl,
  }) => {
    await createNotes(database);
    const full = openDatabase({ url: databaseUrl, poolSize: 2, acquireWithinMs: 1_000 });
    const [inside, leave] = [createBarrier(3), createBarrier(3)];
    const holders = [1, 2].map((holder) =>
      full.transaction(async (transaction) => {
        await inside.arrive();
        await leave.arrive();
        await note(transaction, `holder ${holder}`);
      }),
    );
    await inside.arrive();
    const works: string[] = [];

    const third = full.transaction(async () => works.push('third'));
    const reader = full.read(async () => works.push('reader'));
    const outcomes = await Promise.allSettled([third, reader]);

    for (const turnedAway of outcomes) {
      expect(turnedAway).toMatchObject({
        status: 'rejected',
        reason: expect.any(StoreUnavailableError),
      });
    }
    await expect(third).rejects.toThrow('all 2 connections were busy for 1000 ms');
    await leave.arrive();
    await Promise.all(holders);
    await full[Symbol.asyncDispose]();
    expect(works, 'works that ran late').toEqual([]);
    expect((await notesIn(database)).toSorted()).toEqual(['holder 1', 'holder 2']);
  });

  it('serves ten callers in the order in which they came', async ({ database, databaseUrl }) => {
    await createNotes(database);
    await using small = openDatabase({ url: databaseUrl, poolSize: 1, acquireWithinMs: 30_000 });

    const callers = Array.from({ length: 10 }, (_, index) => String(index));
    await Promise.all(
      callers.map((caller) => small.transaction((transaction) => note(transaction, caller))),
    );

    expect(await notesIn(database)).toEqual(callers);
  });

  it('makes room for one who waits when a connection is lost', async ({
    database,
    databaseUrl,
  }) => {
    await createNotes(database);
    await using small = openDatabase({ url: databaseUrl, poolSize: 1, acquireWithinMs: 30_000 });

    const lost = small.transaction(async (transaction) => {
      await cutAtTheServer(database, transaction);
      await note(transaction, 'lost');
    });
    const next = small.transaction((transaction) => note(transaction, 'next'));

    await expect(lost).rejects.toThrow(StoreUnavailableError);
    await next;
    expect(await notesIn(database)).toEqual(['next']);
  });
});

describe('a database that is away', () => {
  it('is told from a full one, by transactions and by reads', async () => {
    await using database = openDatabase({ url: await urlOfNobody() });
    const works: string[] = [];

    const transaction = database.transaction(async () => works.push('ran'));

    await expect(transaction).rejects.toThrow(StoreUnavailableError);
    await expect(transaction).rejects.toThrow('ECONNREFUSED');
    await expect(database.read((sql) => sql`SELECT 1`)).rejects.toThrow(StoreUnavailableError);
    expect(works, 'works that ran').toEqual([]);
  });

  it('answers in time where connections are taken and nothing is said', async () => {
    await using silent = await listening(() => {});
    await using database = openDatabase({ url: silent.url, acquireWithinMs: 50 });

    const transaction = database.transaction(async () => {});

    await expect(transaction).rejects.toThrow(StoreUnavailableError);
    await expect(transaction).rejects.toThrow('it did not answer in time');
  });

  it('answers at once where connections are taken and closed again', async () => {
    await using closing = await listening((socket) => socket.end());
    await using database = openDatabase({ url: closing.url });

    const transaction = database.transaction(async () => {});

    await expect(transaction).rejects.toThrow(StoreUnavailableError);
    await expect(transaction).rejects.toThrow('the server has closed the connection');
  });

  it('is used again as soon as it is back', async ({ database, databaseUrl }) => {
    await createNotes(database);
    await using far = await behindProxy(databaseUrl, { poolSize: 1 });
    await far.database.transaction((transaction) => note(transaction, 'before'));

    far.proxy.cut();
    const outage = Array.from({ length: 5 }, () =>
      far.database.transaction((transaction) => note(transaction, 'during')),
    );
    const outcomes = await Promise.allSettled(outage);
    far.proxy.restore();
    await far.database.transaction((transaction) => note(transaction, 'after'));

    expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
    expect(await notesIn(database)).toEqual(['before', 'after']);
  });

  it('is not away but wrong where the password or the name is wrong', async ({ databaseUrl }) => {
    const [password, name] = [new URL(databaseUrl), new URL(databaseUrl)];
    password.password = 'wrong';
    name.pathname = '/nowhere';

    for (const [url, code] of [
      [password.href, '28P01'],
      [name.href, '3D000'],
    ]) {
      await using database = openDatabase({ url: url ?? '' });
      const transaction = database.transaction(async () => {});
      await expect(transaction).rejects.toMatchObject({ name: 'PostgresError', code });
    }
  });

  it('is a server that has no connection to spare', async ({ database, databaseUrl }) => {
    await database.sql.unsafe(`CREATE ROLE guest LOGIN PASSWORD 'guest' CONNECTION LIMIT 0`);
    const url = new URL(databaseUrl);
    [url.username, url.password] = ['guest', 'guest'];
    await using guest = openDatabase({ url: url.href });

    const transaction = guest.transaction(async () => {});

    await expect(transaction).rejects.toThrow(StoreUnavailableError);
    await expect(transaction).rejects.toMatchObject({ cause: { code: '53300' } });
    await database.sql`DROP ROLE guest`;
  });
});

describe('a database that is disposed of', () => {
  it('waits for a transaction under way, and takes no other', async ({ database, databaseUrl }) => {
    await createNotes(database);
    const closing = openDatabase({ url: databaseUrl });
    const [inside, leave] = [createBarrier(2), createBarrier(2)];
    const underWay = closing.transaction(async (transaction) => {
      await inside.arrive();
      await leave.arrive();
      await note(transaction, 'under way');
    });
    await inside.arrive();

    const closed = closing[Symbol.asyncDispose]();
    const late = closing.transaction((transaction) => note(transaction, 'late'));

    await expect(late).rejects.toThrow(StoreUnavailableError);
    await leave.arrive();
    await Promise.all([underWay, closed]);
    expect(await notesIn(database)).toEqual(['under way']);
  });

  it('cuts a transaction that does not end', async ({ database, databaseUrl }) => {
    await createNotes(database);
    const closing = openDatabase({ url: databaseUrl, closeWithinMs: 20 });
    const [inside, leave] = [createBarrier(2), createBarrier(2)];
    const endless = closing.transaction(async (transaction) => {
      await note(transaction, 'endless');
      await inside.arrive();
      await leave.arrive();
    });
    await inside.arrive();

    await closing[Symbol.asyncDispose]();
    await leave.arrive();

    await expect(endless).rejects.toThrow(StoreUnavailableError);
    expect(await notesIn(database)).toEqual([]);
  });
});

type Greeting = Parameters<typeof createServer>[1];

/** A server that is no PostgreSQL. */
async function listening(greet: NonNullable<Greeting>) {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    greet(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return {
    url: `postgres://nobody@127.0.0.1:${port}/none`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A port on which nobody listens any more. */
async function urlOfNobody(): Promise<string> {
  await using server = await listening(() => {});
  return server.url;
}
