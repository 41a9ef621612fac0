import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createApp } from '#http';
import {
  type Batch,
  type Batches,
  type BatchState,
  batchId,
  createBatchRouter,
  createTraditionalRouter,
  createTraditionalRuns,
  DEMO_ORDER_IDS,
  MAX_BATCH_ORDERS,
  MOST_TRADITIONAL_RUNS,
  type PaymentProgress,
  type ScriptOutcome,
} from '#systems/superscript';
import { createBarrier } from '#testkit';

const ID = batchId('2026-11-03', 'abc');
const RUN = { batchId: ID, runId: 'run-1' };
const NAMES = { batch_id: ID, workflow_id: ID, run_id: 'run-1' };
const LATE = () => new Date('2026-11-03T23:59:59.999Z');

describe('POST /run/batch', () => {
  it('takes ten orders of the house, three at a time, today in UTC, where nothing is said', async () => {
    const { app, asked } = recording();

    const { status, headers, body } = await request(app).post('/run/batch');

    expect(status).toBe(202);
    expect(headers.location).toBe(`/run/batch/${ID}`);
    expect(body).toMatchObject({ ...NAMES, outcome: 'started', batch_date: '2026-11-03' });
    expect(body).toMatchObject({ total: 10, digest: expect.any(String) });
    expect(asked).toEqual([{ orderIds: DEMO_ORDER_IDS, maxConcurrent: 3, date: '2026-11-03' }]);
  });

  it('takes what it is asked for, up to 10,000 orders in one body', async () => {
    const { app, asked } = recording('joined');
    const orderIds = Array.from({ length: MAX_BATCH_ORDERS }, (_, n) => `${10 ** 17 + n}`);
    const body = { order_ids: orderIds, max_concurrent: 100, batch_date: '2024-02-29' };

    const { status, headers } = await request(app)
      .post('/run/batch')
      .type('json')
      .send(JSON.stringify(body, null, 2));

    expect(status).toBe(202);
    expect(headers['idempotent-replayed']).toBe('true');
    expect(asked).toEqual([{ orderIds, maxConcurrent: 100, date: '2024-02-29' }]);
  });

  it.each([
    '{"order_ids": "7307"}',
    '{"order_ids": ["7307", "00042"]}',
    '{"order_ids": [7307]}',
    '{"order_ids": null}',
    `{"order_ids": [${'"1",'.repeat(MAX_BATCH_ORDERS)}"1"]}`,
    ...['0', '101', '1.0', '1e1', '-1', '"3"'].map((most) => `{"max_concurrent": ${most}}`),
    ...['2026-02-30', '2026-13-01', '20261103', '2026-11-03T00:00:00Z', ' 2026-11-03', ''].map(
      (date) => `{"batch_date": "${date}"}`,
    ),
    '[]',
  ])('starts nothing for %.60s', async (body) => {
    const { app, asked } = recording();

    const { status } = await request(app).post('/run/batch').type('json').send(body);

    expect(status).toBe(400);
    expect(asked).toEqual([]);
  });
});

describe('/run/batch/:batchId', () => {
  const counts = { total: 2, done: 1, in_flight: ['2'], max_in_flight: 1 };
  const results = [{ order_id: '1', status: 'done', outcome: 'started' }] as const;
  const progress = { ...counts, results };

  it('tells how far it is, and at last the sum', async () => {
    const running = await show({ ...RUN, status: 'running', progress });
    const alone = await show({ ...RUN, status: 'running', progress: undefined });
    const summary = { total: 1, success: 1, failed: 0, duplicate: 0, cancelled: 0 };
    const result = { ...summary, not_started: 0, max_in_flight: 1, results };
    const done = await show({ ...RUN, status: 'done', progress, result });

    expect(running).toEqual({ ...NAMES, status: 'running', progress: counts, results });
    expect(alone).toEqual({ ...NAMES, status: 'running' });
    expect(done).toMatchObject({ status: 'done', summary, results });
  });

  it('is asked for its end once, and tells a later caller how it stands', async () => {
    const open = [true, false];
    const app = appOf({
      state: async () => ({ ...RUN, status: 'running', progress }),
      cancel: async () => open.shift() ?? false,
    });
    const cancel = () => request(app).post(`/run/batch/${ID}/cancel`);

    const answers = [await cancel(), await cancel()];

    expect(answers.map(({ status }) => status)).toEqual([202, 200]);
    expect(answers.map(({ body }) => body.status)).toEqual(['cancelling', 'running']);
  });

  it.each([
    ['get', `/run/batch/${ID}`, 404],
    ['post', `/run/batch/${ID}/cancel`, 404],
    ['get', '/run/batch/north~x', 400],
    ['get', '/run/batch', 405],
    ['post', `/run/batch/${ID}`, 405],
  ] as const)('answers %s %s of an unknown batch with %i', async (method, path, status) => {
    const app = appOf({ state: async () => undefined });

    expect((await request(app)[method](path)).status).toBe(status);
  });
});

describe('POST /run/traditional', () => {
  it('runs the script again each time, four at a time, and tells the fifth to wait', async () => {
    const { app, runs, barrier } = traditional({ exitCode: 0 });
    const body = { order_ids: ['1', '2'] };
    const ask = () => request(app).post('/run/traditional').send(body);

    const answers = [];
    for (let n = 0; n <= MOST_TRADITIONAL_RUNS; n += 1) answers.push(await ask());
    await barrier.arrive();
    const afterwards = await ask();

    const accepted = Array(MOST_TRADITIONAL_RUNS).fill(202);
    expect(answers.map(({ status }) => status)).toEqual([...accepted, 503]);
    expect(Number(answers.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
    expect(answers[0]?.body).toEqual({ status: 'running', order_ids: ['1', '2'], total: 2 });
    expect(afterwards.status, 'when they have ended').toBe(202);
    expect(runs).toHaveLength(MOST_TRADITIONAL_RUNS + 1);
    for (const args of runs) expect(args).toEqual(['1', '2']);
  });

  it('has no key in its environment, and runs nothing for an empty list', async () => {
    const { app, runs, environments } = traditional({ exitCode: 0 });

    const empty = await request(app).post('/run/traditional').send({ order_ids: [] });
    const ofTheHouse = await request(app).post('/run/traditional');

    expect([empty.status, ofTheHouse.status]).toEqual([400, 202]);
    expect(runs).toEqual([DEMO_ORDER_IDS]);
    expect(environments).toEqual([{ PAYMENT_LEDGER: '/ledger', PAYMENT_BY: 'traditional' }]);
  });

  it('tells the operator of a script that failed, because nobody waits for it', async () => {
    const { app, barrier, told } = traditional({ exitCode: 1 });

    await request(app).post('/run/traditional');
    await barrier.arrive();

    await expect
      .poll(told)
      .toMatchObject([{ event: 'broke', error: { name: 'ScriptFailedError' } }]);
  });
});

function appOf(batches: Partial<Batches>) {
  const unexpected = async () => {
    throw new Error('Not expected in this test');
  };
  const none = { start: unexpected, state: unexpected, isKnown: unexpected, cancel: unexpected };
  return createApp(createBatchRouter({ batches: { ...none, ...batches }, now: LATE }));
}

function recording(outcome: 'started' | 'joined' = 'started') {
  const asked: Batch[] = [];
  const app = appOf({
    start: async (batch) => {
      asked.push(batch);
      return { ...RUN, outcome, result: () => Promise.reject(new Error('Nobody waits')) };
    },
  });
  return { app, asked };
}

async function show(state: BatchState): Promise<unknown> {
  const app = appOf({ state: async () => state });
  return (await request(app).get(`/run/batch/${ID}`)).body;
}

/** Scripts that end when the test says so. */
function traditional({ exitCode }: Pick<ScriptOutcome, 'exitCode'>) {
  const barrier = createBarrier(1);
  const runs: (readonly string[])[] = [];
  const environments: unknown[] = [];
  const told: PaymentProgress[] = [];
  const end = { signal: null, stdout: '', stderr: '', durationMs: 1, stopped: undefined };
  const scripts = {
    async run(_name: string, args: readonly string[], { env }: { readonly env?: unknown }) {
      runs.push(args);
      environments.push(env);
      await barrier.opened;
      return { ...end, exitCode };
    },
  };
  const onProgress = (event: PaymentProgress) => void told.push(event);
  const options = { scripts, ledgerPath: '/ledger', onProgress };
  const app = createApp(createTraditionalRouter({ traditional: createTraditionalRuns(options) }));
  return { app, barrier, runs, environments, told: () => told };
}
