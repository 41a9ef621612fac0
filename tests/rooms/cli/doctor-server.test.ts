import { v4 as uuid } from 'uuid';
import { describe, expect, inject, vi } from 'vitest';
import { examine } from '#cli/doctor';
import { type Config, loadConfig } from '#config';
import { createMemoryAccountStore, feeWorkerOptions } from '#systems/fees';
import { registerNamespace } from '#temporal/register-namespace';
import { it } from '#testkit/database';
import { createMachine } from '../temporal/machine.ts';

const HOUR_MS = 3_600_000;
// The server puts a task into its queue a moment after the start.
const SOON = { timeout: 60_000, interval: 300 };

describe('the doctor, where a server is named,', () => {
  it('tells its namespace, its search attributes, its clock, and which task queue nobody polls', async ({
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    const accounts = createMemoryAccountStore({ balancesCents: new Map() });
    await using _worker = await temporal.runWorker(feeWorkerOptions({ accounts, taskQueue }));
    const orderTaskQueue = `orders-${uuid()}`;
    const workflowId = `WAITING-${uuid()}`;
    await client.workflow.start('nobodyWorksOnThis', {
      workflowId,
      taskQueue: orderTaskQueue,
      workflowExecutionTimeout: '1 minute',
    });
    const checks = await vi.waitUntil(async () => {
      const seen = await checksOf(ofServer(), { feeTaskQueue: taskQueue, orderTaskQueue });
      return seen['task queue, orders']?.ok === 'broken' && seen;
    }, SOON);
    await client.workflow.getHandle(workflowId).terminate();

    expect(checks['Temporal server']).toEqual({
      ok: 'ok',
      found: expect.stringMatching(/^\S+:\d+, server \d\S+, from TEMPORAL_ADDRESS$/),
    });
    expect(checks['namespace']).toEqual({
      ok: 'ok',
      found: 'default, a closed run is known for 24 h',
    });
    expect(checks['search attributes']).toMatchObject({ ok: 'ok' });
    expect(checks['clock, server']).toMatchObject({ ok: 'ok' });
    expect(checks['task queue, fees']).toEqual({ ok: 'ok', found: `${taskQueue}, pollers: 1` });
    expect(checks['task queue, orders']).toEqual({
      ok: 'broken',
      found: `${orderTaskQueue}, nobody polls for workflows or activities, and about 1 tasks wait`,
      mend: expect.stringContaining('press-twice worker'),
    });
    expect(checks['task queue, flows']).toMatchObject({
      ok: 'warn',
      found: expect.not.stringContaining('wait'),
    });
  });

  it('warns of a retention of one hour, and wants the search attributes that are missing', async ({
    temporal,
  }) => {
    const namespace = `short-${uuid()}`;
    const wish = { namespace, retentionMs: HOUR_MS, searchAttributes: [] };
    await registerNamespace(temporal.client.connection, wish);

    const checks = await checksOf({ ...ofServer(), TEMPORAL_NAMESPACE: namespace });

    expect(checks['namespace']).toMatchObject({
      ok: 'warn',
      found: `${namespace}, a closed run is known for 1 h`,
      mend: expect.stringContaining('longer than any client retries'),
    });
    expect(checks['search attributes']).toMatchObject({
      ok: 'broken',
      found: expect.stringMatching(/^missing: OrderId, /),
      mend: `press-twice namespace ${namespace}`,
    });
  });

  it.for([
    ['an address of nobody', { TEMPORAL_ADDRESS: '127.0.0.1:1' }, 'Temporal server', /mend TEMP/],
    ['no such namespace', { TEMPORAL_NAMESPACE: 'nowhere' }, 'namespace', /namespace nowhere/],
    [
      'settings that cannot be',
      { TEMPORAL_TLS_CLIENT_CERT_PATH: '/nowhere.pem' },
      'Temporal server',
      /mend that/,
    ],
  ] as const)('mends %s, and asks no further', async ([, env, name, mend]) => {
    const checks = await checksOf({ ...ofServer(), ...env });

    expect(checks[name]).toMatchObject({ ok: 'broken', mend: expect.stringMatching(mend) });
    expect(Object.keys(checks).at(-1)).toBe(name);
  });
});

describe('the doctor, where a database is named,', () => {
  it('tells which migrations are missing, changed or unknown', async ({
    database,
    databaseUrl,
  }) => {
    const all = await checksOf({}, { databaseUrl });
    await database.sql`UPDATE press_twice_migrations SET digest = '' WHERE id LIKE '0001-%'`;
    const changed = await checksOf({}, { databaseUrl });
    await database.sql`INSERT INTO press_twice_migrations VALUES ('9999-tomorrow', '')`;
    const unknown = await checksOf({}, { databaseUrl });
    const none = await checksOf({}, { databaseUrl: inject('testDatabases').url });

    expect(all['migrations']).toMatchObject({ ok: 'ok', found: expect.stringMatching(/^all \d+/) });
    expect(changed['migrations']).toMatchObject({
      ok: 'broken',
      found: 'applied with another text: 0001-idempotency-keys',
    });
    expect(unknown['migrations']).toMatchObject({
      ok: 'broken',
      found: 'applied, and not known here: 9999-tomorrow',
    });
    expect(none['migrations']).toMatchObject({
      ok: 'warn',
      found: expect.stringMatching(/^not applied: 0001-idempotency-keys, /),
    });
  });
});

describe('the doctor on a machine whose clock is an hour behind', () => {
  it('says how far the clocks of server and database are ahead', async ({ databaseUrl }) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - HOUR_MS });

    const checks = await checksOf(ofServer(), { databaseUrl }).finally(() => vi.useRealTimers());

    for (const name of ['clock, server', 'clock, database']) {
      const { ok, found, mend } = checks[name] ?? {};
      expect([name, ok, mend]).toEqual([name, 'warn', 'set both clocks (NTP)']);
      expect(Math.round(Number.parseInt(found ?? '', 10) / 60_000), 'minutes ahead').toBe(60);
    }
  });
});

function ofServer() {
  return { TEMPORAL_ADDRESS: inject('testServer').address };
}

async function checksOf(env: NodeJS.ProcessEnv, config: Partial<Config> = {}) {
  await using machine = await createMachine();
  const checks = await examine({
    config: { ...loadConfig({}), cacheDir: machine.cacheDir, port: 0, ...config },
    env: { ...machine.env, ...env },
    nodeVersion: '20.19.0',
  });
  return Object.fromEntries(checks.map(({ name, ...check }) => [name, check]));
}
