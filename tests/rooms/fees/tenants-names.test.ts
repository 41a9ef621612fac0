import request from 'supertest';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { createApp, requirePrincipal } from '#http';
import {
  type AccountStore,
  createAccountRouter,
  createFeeBatches,
  createFeeRouter,
  createFees,
  createIdempotentFeeRouter,
  createMemoryAccountStore,
  createNaiveFeeRouter,
  createPostgresAccountStore,
  deductFeeKey,
  type Fee,
  feeFromInput,
  feeToInput,
  feeWorkerOptions,
  feeWorkflowId,
} from '#systems/fees';
import { it } from '#testkit/database';
import { ENDPOINTS, openTenantHouse } from './tenant-house.ts';

const BODY = { account_id: 'alice', amount: 10 };

describe('a name with a tilde, by which one tenant could reach into another', () => {
  it.each(['north~order-1', '~', 'order~'])(
    'is the name of no order, no account and no tenant: %s',
    (id) => {
      expect(() => feeWorkflowId(id)).toThrow(RangeError);
      expect(() => feeWorkflowId('order-1', id)).toThrow(RangeError);
      for (const member of ['order_id', 'account_id', 'tenant']) {
        const input = { ...feeToInput(FEE), [member]: id };
        expect(() => feeFromInput(input), `a bad ${member}`).toThrow(
          `Bad fee: ${member} has to be`,
        );
      }
    },
  );

  it.each([
    ['post', '/orders/north~order-1/fee', 'Order ID'],
    ['post', '/orders/%7E/fee', 'Order ID'],
    ['get', '/orders/north~order-1/fee', 'Order ID'],
    ['post', '/deduct-fee/north~order-1', 'Order ID'],
    ['post', '/idempotent/deduct-fee/north~order-1', 'Order ID'],
    ['post', '/deduct-fee/order-1', 'Account ID'],
    ['post', '/accounts', 'Account ID'],
    ['get', '/accounts/north~alice', 'Account ID'],
  ] as const)(
    'is refused with 400, with tenants and without: %s %s',
    async (method, path, label) => {
      const body = { account_id: 'north~alice', amount: 10, balance: 10 };
      for (const inFront of [
        [],
        [requirePrincipal(() => ({ tenant: 'south', rights: 'read-write' }))],
      ]) {
        const app = createApp(...inFront, ...routersOf(inMemory()));
        const answer = await request(app)[method](path).set('Idempotency-Key', 'k').send(body);

        expect({ status: answer.status, detail: answer.body.detail }).toEqual({
          status: 400,
          detail: `${label} must not contain a tilde`,
        });
      }
    },
  );
});

describe('where nobody is told apart', () => {
  it('IDs, keys and inputs are what they have always been, and no tenant is written', async ({
    temporal,
  }) => {
    const order = uuid();
    const accounts = createMemoryAccountStore({ balancesCents: { alice: 100_00 }, ...NO_WAIT });
    await using house = await openTenantHouse({ temporal, accounts, authenticate: null });

    await house.stranger.post(ENDPOINTS.durable(order), BODY);
    await house.stranger.post(ENDPOINTS.middleware(order), BODY, { 'Idempotency-Key': 'key-1' });

    const handle = temporal.client.workflow.getHandle(`FEE-WF-${order}`);
    const { searchAttributes } = await handle.describe();
    expect(searchAttributes).not.toHaveProperty('TenantId');
    const keys = [
      `FEE-WF-${order}/deduct-fee`,
      '["public","POST","/idempotent/deduct-fee /idempotent/deduct-fee/ /idempotent/deduct-fee/*orderId","key-1"]',
    ];
    for (const key of keys) {
      const { outcome } = await accounts.keys.once(key, 'another', async () => 0);
      expect(outcome, `the key ${key} is taken`).toBe('mismatch');
    }
    expect(JSON.stringify(feeToInput({ ...FEE, tenant: undefined }))).toBe(
      '{"account_id":"alice","order_id":"order-1","amount":10}',
    );
    expect(await accounts.effects()).toHaveEffects(order, 2);
  });
});

describe('the longest names that a tenant, an order and an account can have', () => {
  it('fit a workflow ID, a key, a search attribute and a table', async ({ temporal, database }) => {
    const long = (length: number) => `${uuid().slice(0, 8)}${'語'.repeat(length - 8)}`;
    const fee: Fee = { ...FEE, tenant: long(63), orderId: long(255), accountId: long(255) };
    const { client, taskQueue } = temporal;
    const accounts = createPostgresAccountStore({ database });
    await accounts.create(`${fee.tenant}~${fee.accountId}`, 100_00);
    await using _worker = await temporal.runWorker(feeWorkerOptions({ accounts, taskQueue }));

    const run = await createFees({ client, taskQueue, accounts }).start(fee);

    expect((await run.result()).new_balance).toBe(100 - 10);
  });
});

describe('a batch of a tenant', () => {
  it('is another run than the same file of another tenant, and shares keys with the orders of its own', async ({
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    const accounts = inMemory();
    await using _worker = await temporal.runWorker(feeWorkerOptions({ accounts, taskQueue }));
    const fees = createFees({ client, taskQueue, accounts });
    const batches = createFeeBatches({ client, taskQueue });
    const orders = [uuid(), uuid()];
    const of = (tenant: string): Fee[] => orders.map((orderId) => ({ ...FEE, tenant, orderId }));
    for (const fee of of('north').slice(0, 1)) await (await fees.start(fee)).result();

    const [north, south] = [await batches.start(of('north')), await batches.start(of('south'))];
    const results = [await north.result(), await south.result()];

    expect(north.workflowId).toMatch(/^north~FEE-BATCH-/);
    expect(south.outcome, 'of the same file').toBe('started');
    expect(results).toEqual(results.map(() => ({ orders: 2, taken: 2, refused: [] })));
    const effects = await accounts.effects();
    expect(effects.length, 'effects').toBe(2 * orders.length);
    for (const order of orders) {
      for (const tenant of ['north', 'south'])
        expect(effects).toHaveOneEffect(`${tenant}~${order}`);
    }
  });

  it('refuses an order in the tenant’s own words, and goes on with the next', async ({
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    const accounts = inMemory();
    await using _worker = await temporal.runWorker(feeWorkerOptions({ accounts, taskQueue }));
    const fee: Fee = { ...FEE, tenant: 'north', orderId: uuid() };
    await accounts.keys.once(deductFeeKey(feeWorkflowId(fee.orderId, 'north')), 'x', async () => 0);
    const batch = [fee, { ...fee, orderId: uuid(), accountId: 'bob' }, { ...fee, orderId: uuid() }];

    const run = await createFeeBatches({ client, taskQueue }).start(batch);
    const { taken, refused } = await run.result();

    expect(taken, 'fees taken').toBe(1);
    expect(refused.map(({ message }) => message)).toEqual([
      expect.stringMatching(`^"FEE-WF-${fee.orderId}/deduct-fee" was asked for before`),
      expect.stringMatching('^No account "bob"'),
    ]);
  });

  it('cannot hold orders of two', async ({ temporal }) => {
    const { start } = createFeeBatches(temporal);
    const orders = ['north', 'south', undefined].map((tenant) => ({ ...FEE, tenant }));

    await expect(start(orders)).rejects.toThrow('A batch is of one tenant, not of 3');
  });
});

const FEE: Fee = { orderId: 'order-1', accountId: 'alice', amountCents: 10_00 };
const NO_WAIT = { beforeDeducting: async () => {} };

function inMemory(): AccountStore {
  const balancesCents = { 'north~alice': 100_00, 'south~alice': 200_00 };
  return createMemoryAccountStore({ balancesCents, ...NO_WAIT });
}

/** Every route. No run is started here. */
function routersOf(accounts: AccountStore) {
  const unexpected = () => Promise.reject(new Error('Not expected in this test'));
  const fees = { start: unexpected, state: unexpected };
  return [
    createFeeRouter({ fees, answerWithinMs: 1 }),
    createIdempotentFeeRouter({ accounts }),
    createNaiveFeeRouter({ accounts }),
    createAccountRouter({ accounts }),
  ];
}
