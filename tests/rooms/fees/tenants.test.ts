import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import type { Database } from '#database';
import {
  type AccountStore,
  createMemoryAccountStore,
  createPostgresAccountStore,
} from '#systems/fees';
import { concurrently } from '#testkit';
import { it } from '#testkit/database';
import { ENDPOINTS, openTenantHouse, type Told } from './tenant-house.ts';

const BALANCES = { 'north~alice': 100_00, 'south~alice': 200_00 };
const BODY = { account_id: 'alice', amount: 10 };

type Wait = () => Promise<unknown>;
const STORES: Record<string, (wait: Wait, database: Database) => Promise<AccountStore>> = {
  async memory(wait) {
    return createMemoryAccountStore({ balancesCents: BALANCES, beforeDeducting: settled(wait) });
  },
  async PostgreSQL(wait, database) {
    const accounts = createPostgresAccountStore({ database, beforeDeducting: settled(wait) });
    for (const [id, cents] of Object.entries(BALANCES)) await accounts.create(id, cents);
    return accounts;
  },
};

describe.each(Object.entries(STORES))('two tenants on accounts in %s', (_where, open) => {
  it.for(['durable', 'middleware'] as const)(
    'pay one fee each, from their own account, when each asks five times for one order under one key: %s',
    async (endpoint, { temporal, database, recorder }) => {
      const order = uuid();
      const allAsked = recorder.gate('ten requests are in', 10);
      const accounts = await open(() => allAsked.opened, database);
      await using house = await openTenantHouse({
        temporal,
        accounts,
        onProgress: ({ event }) => void (event === 'asked' && allAsked.arrive()),
      });
      const ask = (tenant: string) =>
        untilAnswered(() =>
          house.as(tenant).post(ENDPOINTS[endpoint](order), BODY, { 'Idempotency-Key': 'key-1' }),
        );

      const answers = await concurrently(10, async ({ number, name, barrier }) => {
        await barrier.arrive();
        return recorder.request(name, () => ask(number % 2 === 0 ? 'north' : 'south'));
      });

      expect(recorder).toOverlap(10);
      const [south, north] = [
        answers.filter((_, i) => i % 2 === 0),
        answers.filter((_, i) => i % 2),
      ];
      expect(north.map(balanceIn), 'north was told').toEqual(north.map(() => 100 - 10));
      expect(south.map(balanceIn), 'south was told').toEqual(south.map(() => 200 - 10));
      expect(firstsOf(north), 'answers to north that were first').toBe(1);
      expect(firstsOf(south), 'answers to south that were first').toBe(1);
      const effects = await accounts.effects();
      expect(effects.length, 'effects').toBe(2);
      for (const tenant of ['north', 'south'])
        expect(effects).toHaveOneEffect(`${tenant}~${order}`);
    },
  );

  it('have accounts and a naive endpoint of their own: a name that both have is two accounts', async ({
    temporal,
    database,
  }) => {
    const accounts = await open(async () => {}, database);
    await using house = await openTenantHouse({ temporal, accounts });
    const [north, south, west] = [house.as('north'), house.as('south'), house.as('west')];

    const opened = await north.post('/accounts', { account_id: 'bob', balance: 5 });
    await north.post(ENDPOINTS.naive('order-1'), BODY);
    await north.post(ENDPOINTS.naive('order-1'), BODY);
    await south.post(ENDPOINTS.naive('order-1'), BODY);

    expect({ status: opened.status, body: opened.body }).toEqual({
      status: 201,
      body: { account_id: 'bob', balance: 5 },
    });
    const balances = { account_id: 'alice', balance: 100 - 2 * 10 };
    expect((await north.get('/accounts/alice')).body).toEqual(balances);
    expect((await south.get('/accounts/alice')).body).toEqual({ ...balances, balance: 200 - 10 });
    expect((await west.get('/accounts/alice')).status, 'who has no such account').toBe(404);
    expect((await south.get('/accounts/bob')).status, 'another tenant’s account').toBe(404);
  });
});

describe('the fee of a tenant’s order', () => {
  it('bears the tenant in its workflow ID, its key and a search attribute', async ({
    temporal,
  }) => {
    const order = uuid();
    const accounts = inMemory();
    await using house = await openTenantHouse({ temporal, accounts });

    await house.as('north').post(ENDPOINTS.durable(order), BODY);

    const workflowId = `north~FEE-WF-${order}`;
    const { searchAttributes } = await temporal.client.workflow.getHandle(workflowId).describe();
    expect(searchAttributes).toMatchObject({
      TenantId: ['north'],
      OrderId: [order],
      AccountId: ['alice'],
    });
    const other = await accounts.keys.once(`${workflowId}/deduct-fee`, 'another', async () => 0);
    expect(other.outcome, 'the key is taken').toBe('mismatch');
  });

  it('is unknown to every other tenant, and its own may look at it with a token that may read', async ({
    temporal,
  }) => {
    const order = uuid();
    await using house = await openTenantHouse({ temporal, accounts: inMemory() });
    await house.as('north').post(ENDPOINTS.durable(order), BODY);

    const path = ENDPOINTS.durable(order);
    const [own, reader, other] = await Promise.all(
      ['north', 'north-reader', 'south'].map((name) => house.as(name).get(path)),
    );
    const retry = await house.as('south').post(`${path}/retry`, BODY);
    const written = await house.as('north-reader').post(path, BODY);

    expect(own?.body).toMatchObject({ order_id: order, status: 'done' });
    expect(reader?.text).toBe(own?.text);
    expect([other?.type, retry.type]).toEqual(['unknown-order', 'unknown-order']);
    expect({ status: written.status, type: written.type }).toEqual({
      status: 403,
      type: 'read-only',
    });
  });

  it('is refused in the tenant’s own words, without its name in front of them', async ({
    temporal,
  }) => {
    const order = uuid();
    await using house = await openTenantHouse({ temporal, accounts: inMemory() });
    const north = house.as('north');
    const key = { 'Idempotency-Key': 'key-1' };
    await north.post(ENDPOINTS.durable(order), BODY);
    await north.post(ENDPOINTS.middleware(order), BODY, key);

    const dear = { account_id: 'alice', amount: 10_000 };
    const refusals = [
      await north.post(ENDPOINTS.durable(order), dear),
      await north.post(ENDPOINTS.durable(uuid()), dear),
      await north.post(ENDPOINTS.durable(uuid()), { account_id: 'bob', amount: 10 }),
      await north.post(ENDPOINTS.middleware(order), dear, key),
      await north.post(ENDPOINTS.naive(order), { account_id: 'bob', amount: 10 }),
      await north.post('/accounts', { account_id: 'alice', balance: 1 }),
    ];

    expect(refusals.map(({ body }) => body.detail)).toEqual([
      expect.stringMatching(`^"FEE-WF-${order}" was asked for before with other values`),
      expect.stringMatching('^Account "alice" holds 80.00, less than the fee of 10000.00'),
      expect.stringMatching('^No account "bob"'),
      expect.stringMatching('^"key-1" was asked for before with other values'),
      expect.stringMatching('^No account "bob"'),
      expect.stringMatching('^Account "alice" is open already'),
    ]);
    for (const { text } of refusals) expect(text).not.toMatch(/north|~/);
  });
});

describe('a house with tenants', () => {
  it('asks who is there before it looks at anything, and takes nothing from strangers', async ({
    temporal,
  }) => {
    const accounts = inMemory();
    await using house = await openTenantHouse({ temporal, accounts });
    const { get, post } = house.stranger;
    const paths = Object.values(ENDPOINTS).map((path) => path('order-1'));

    const answers = [
      ...(await Promise.all(paths.map((path) => post(path, BODY)))),
      await get('/accounts/alice'),
      await get('/nothing'),
    ];

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    expect(await accounts.effects()).toEqual([]);
  });

  it('lets nobody in when the hook breaks, and tells the operator', async ({ temporal }) => {
    const broken = new Error('no directory');
    const heard: unknown[] = [];
    await using house = await openTenantHouse({
      temporal,
      accounts: inMemory(),
      authenticate: () => Promise.reject(broken),
      onProgress: (event) => heard.push(event),
    });

    const { status, text } = await house.as('north').post(ENDPOINTS.naive('order-1'), BODY);

    expect(status).toBe(500);
    expect(text).not.toContain('directory');
    expect(heard).toEqual([{ event: 'broke', error: broken }]);
  });
});

const NO_WAIT = { beforeDeducting: async () => {} };

function inMemory(): AccountStore {
  return createMemoryAccountStore({ balancesCents: BALANCES, ...NO_WAIT });
}

function settled(wait: Wait): () => Promise<void> {
  return async () => void (await wait());
}

function balanceIn({ body }: Told): unknown {
  return body.new_balance;
}

function firstsOf(answers: readonly Told[]): number {
  return answers.filter(({ replayed }) => !replayed).length;
}

/** Asks again while the first request with the key is under way: what its client is told to do. */
async function untilAnswered(ask: () => Promise<Told>): Promise<Told> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 409) return answer;
  }
}
