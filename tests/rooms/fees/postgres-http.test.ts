import { describe, expect } from 'vitest';
import { type Database, openDatabase } from '#database';
import { plainJs } from '#fixtures/plain-js';
import { createApp } from '#http';
import {
  type AccountStore,
  createAccountRouter,
  createIdempotentFeeRouter,
  createNaiveFeeRouter,
  createPostgresAccountStore,
  type Fee,
  postIdempotentFee,
} from '#systems/fees';
import { createBarrier, listen, type Proxy, spawnFixture, startProxy } from '#testkit';
import { it } from '#testkit/database';

const FEE_ENDPOINT = await plainJs(
  new URL('../../../fixtures/processes/fee-endpoint.ts', import.meta.url),
);
const FEE: Fee = { orderId: 'order-1', accountId: 'alice', amountCents: 10_00 };
const JSON_BODY = { 'Content-Type': 'application/json' };

describe('the fee routes on a database that is away', () => {
  it.for([
    ['the naive endpoint', '/deduct-fee/order-1', { account_id: 'alice', amount: 10 }],
    [
      'the endpoint with the key',
      '/idempotent/deduct-fee/order-1',
      { account_id: 'alice', amount: 10 },
    ],
    ['a new account', '/accounts', { account_id: 'bob', balance: 10 }],
    ['an account', '/accounts/alice', undefined],
  ] as const)(
    'answer 503 with Retry-After, and do nothing: %s',
    async ([, path, body], { database, databaseUrl }) => {
      await using routes = await openRoutes(database, databaseUrl);
      routes.proxy.cut();

      const answer = await fetch(`${routes.url}${path}`, {
        method: body ? 'POST' : 'GET',
        headers: { ...JSON_BODY, 'Idempotency-Key': '"key-1"', Connection: 'close' },
        ...(body && { body: JSON.stringify(body) }),
      });
      const problem = (await answer.json()) as { type: string; detail: string };

      expect(answer.status).toBe(503);
      expect(answer.headers.get('Retry-After')).toBe('1');
      expect(problem.type).toBe('urn:press-twice:problem:store-unavailable');
      expect(problem.detail, 'nothing of the inside').toBe(
        'Nothing was done: send the same request again',
      );
      expect(await routes.accounts.effects(), 'effects').toEqual([]);
      expect((await routes.accounts.accounts()).length, 'accounts').toBe(1);
    },
  );

  it('take the fee once under the key of the refused request, when it is back', async ({
    database,
    databaseUrl,
  }) => {
    await using routes = await openRoutes(database, databaseUrl);

    routes.proxy.cut();
    const away = await postIdempotentFee(routes.url, FEE, 'key-1');
    routes.proxy.restore();
    const back = await postIdempotentFee(routes.url, FEE, 'key-1');

    expect([away.status, back.status]).toEqual([503, 200]);
    expect(back.replayed, 'replayed').toBe(false);
    expect(await routes.accounts.effects()).toHaveOneEffect('order-1');
  });
});

describe('the fee routes on a database', () => {
  it('answer 503 when all its connections are busy, and do nothing', async ({
    database,
    databaseUrl,
  }) => {
    await using routes = await openRoutes(database, databaseUrl, { poolSize: 1 });
    const mayEnd = createBarrier(1);
    const isInside = createBarrier(1);
    const busy = routes.database.transaction(async () => {
      await isInside.arrive();
      await mayEnd.opened;
    });
    await isInside.opened;

    const full = await postIdempotentFee(routes.url, FEE, 'key-1');
    await mayEnd.arrive();
    await busy;
    const free = await postIdempotentFee(routes.url, FEE, 'key-1');

    expect(full).toMatchObject({
      status: 503,
      body: { type: 'urn:press-twice:problem:store-unavailable' },
    });
    expect(free).toMatchObject({ status: 200, replayed: false });
    expect(await routes.accounts.effects()).toHaveOneEffect('order-1');
  });

  it('do not know what became of a fee whose COMMIT was not confirmed; asking again tells, and takes nothing', async ({
    database,
    databaseUrl,
  }) => {
    await using routes = await openRoutes(database, databaseUrl);
    routes.proxy.loseAnswerTo((bytes) => bytes.includes('commit'));

    const unknown = await postIdempotentFee(routes.url, FEE, 'key-1');
    expect(routes.proxy.lostAnswers, 'lost answers').toBe(1);
    const told = await postIdempotentFee(routes.url, FEE, 'key-1');

    expect(unknown).toMatchObject({
      status: 503,
      body: { type: 'urn:press-twice:problem:outcome-unknown' },
    });
    expect(told).toMatchObject({ status: 200, replayed: true, body: { new_balance: 100 - 10 } });
    expect(await routes.accounts.effects()).toHaveOneEffect('order-1');
  });

  it('A24 answer a key as before when their process was killed and started again (IETF draft 07 §2.6)', async ({
    database,
    databaseUrl,
  }) => {
    const accounts = await accountsOf(database);
    const ask = async () => {
      await using endpoint = spawnFixture(FEE_ENDPOINT, { DATABASE_URL: databaseUrl });
      const answer = await postIdempotentFee(
        await endpoint.said<string>('listening'),
        FEE,
        'key-1',
      );
      endpoint.kill('SIGKILL');
      return { ...answer, ended: await endpoint.exited };
    };

    const first = await ask();
    const afterRestart = await ask();

    expect(first).toMatchObject({ status: 200, replayed: false, ended: 'SIGKILL' });
    expect(afterRestart).toEqual({ ...first, replayed: true });
    expect(await accounts.effects()).toHaveOneEffect('order-1');
  });
});

interface Routes extends AsyncDisposable {
  readonly url: string;
  readonly proxy: Proxy;
  /** As the routes see it: through the proxy. */
  readonly database: Database;
  /** Past the proxy: what is really there. */
  readonly accounts: AccountStore;
}

async function openRoutes(
  database: Database,
  databaseUrl: string,
  options: { readonly poolSize?: number } = {},
): Promise<Routes> {
  const { hostname, port } = new URL(databaseUrl);
  const proxy = await startProxy({ host: hostname, port: Number(port) });
  const through = openDatabase({
    url: proxy.through(databaseUrl),
    acquireWithinMs: 300,
    ...options,
  });
  const accounts = createPostgresAccountStore({
    database: through,
    beforeDeducting: async () => {},
  });
  const server = await listen(
    createApp(
      createNaiveFeeRouter({ accounts }),
      createAccountRouter({ accounts }),
      createIdempotentFeeRouter({ accounts }),
    ),
  );
  return {
    url: server.url,
    proxy,
    database: through,
    accounts: await accountsOf(database),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await through[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

async function accountsOf(database: Database): Promise<AccountStore> {
  const accounts = createPostgresAccountStore({ database, beforeDeducting: async () => {} });
  await accounts.create('alice', 100_00);
  return accounts;
}
