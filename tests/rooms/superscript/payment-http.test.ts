import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { IntentMismatchError } from '#idempotency';
import type { Payment, PaymentProgress } from '#systems/superscript';
import { StillRunningError, TemporalUnavailableError } from '#temporal';
import { appOf, appOfStart, failedRun, failing, RESULT, RUN, started } from './payment-routes.ts';

const GARBAGE =
  'noise of a tool\nERROR: Script terminated with exit code: 3 - Step 2 failed: garbage\n';
const NAMES = { workflow_id: RUN.workflowId, run_id: RUN.runId };

describe('POST /run/single', () => {
  it('starts the payment of the order and answers with the result of its run', async () => {
    const asked: Payment[] = [];
    const app = appOf({
      start: async (payment) => {
        asked.push(payment);
        return started('started');
      },
    });

    const { status, headers, body } = await pay(app);

    expect(status).toBe(200);
    expect(body).toEqual({ ...NAMES, outcome: 'started', result: RESULT });
    expect(headers).not.toHaveProperty('idempotent-replayed');
    expect(asked).toEqual([{ orderId: '4242' }]);
  });

  it.each(['joined', 'replayed'] as const)(
    'tells a %s run, in the same status',
    async (outcome) => {
      const { status, headers, body } = await pay(appOfStart(started(outcome)));

      expect({ status, outcome: body.outcome, result: body.result }).toEqual({
        status: 200,
        outcome,
        result: RESULT,
      });
      expect(headers['idempotent-replayed']).toBe('true');
    },
  );

  it.each([
    '"00042"',
    '"4242 "',
    '" 4242"',
    '"4242 x"',
    '"4242; touch x"',
    '"4242\\n"',
    '"-1"',
    '"٤٢"',
    '"1e3"',
    '""',
    '"1234567890123456789"',
    '4242',
    'null',
    '["4242"]',
  ])('starts nothing for the order ID %s', async (orderId) => {
    const { status, body } = await send(appOf({}), `{"order_id": ${orderId}}`);

    expect({ status, type: body.type }).toEqual({
      status: 400,
      type: 'urn:press-twice:problem:bad-order-id',
    });
  });

  it('answers a failed payment with 502: the exit code, the script’s own line, and no more', async () => {
    const error = failedRun('ScriptFailedError', { exit_code: 3, stderr: GARBAGE });
    const first = await pay(appOfStart(started('started', failing(error))));
    const again = await pay(appOfStart(started('replayed', failing(error))));

    expect(first.status).toBe(502);
    expect(first.type).toBe('application/problem+json');
    expect(first.body).toMatchObject({
      type: 'urn:press-twice:problem:payment-failed',
      exit_code: 3,
      signal: null,
      ended: 'ScriptFailedError',
      ...NAMES,
    });
    expect(first.body.detail).toContain('exit code 3: Step 2 failed: garbage');
    expect(first.text, 'what else the script wrote').not.toMatch(/noise|secret/);
    expect({ status: again.status, text: again.text }).toEqual({ status: 502, text: first.text });
    expect(again.headers['idempotent-replayed']).toBe('true');
  });

  it.each([
    ['a signal', failedRun('ScriptKilledError', { signal: 'SIGKILL' }), null, 'SIGKILL'],
    ['no script', failedRun('ScriptMissingError'), null, null],
    [
      'a line with a path',
      failedRun('ScriptRefusedError', { exit_code: 65, stderr: 'ERROR: see /srv/secret\n' }),
      65,
      null,
    ],
  ])('names what it may of %s', async (_what, error, exit_code, signal) => {
    const { status, body, text } = await pay(appOfStart(started('started', failing(error))));

    expect(status).toBe(502);
    expect(body).toMatchObject({ exit_code, signal });
    expect(text).not.toContain('/srv');
  });

  it.each(['terminated', 'cancelled', 'timed out', 'Error'])(
    'sends a person to look where the run ended otherwise: %s',
    async (ended) => {
      const { status, body, text } = await pay(
        appOfStart(started('started', failing(failedRun(ended)))),
      );

      expect({ status, type: body.type, ended: body.ended }).toEqual({
        status: 409,
        type: 'urn:press-twice:problem:payment-not-settled',
        ended,
      });
      expect(text).not.toContain('/srv');
    },
  );

  it.each<[string, Error, number, string]>([
    ['another use', new IntentMismatchError(RUN.workflowId, 'input'), 422, 'intent-mismatch'],
    ['an outage', new TemporalUnavailableError(), 503, 'temporal-unavailable'],
  ])('names %s, found at the start', async (_what, error, status, type) => {
    const answer = await pay(appOfStart(error));

    expect(answer.status).toBe(status);
    expect(answer.body.type).toBe(`urn:press-twice:problem:${type}`);
  });

  it('says where to look when the run takes too long, or nobody waits', async () => {
    const stillRunning = failing(new StillRunningError(RUN.workflowId));
    const tooLong = await pay(appOfStart(started('started', stillRunning)));
    const waited = failing(new Error('waited for'));
    const unwaited = await pay(appOfStart(started('joined', waited)), { Prefer: 'respond-async' });

    for (const { status, headers } of [tooLong, unwaited]) {
      expect({ status, at: headers.location }).toEqual({ status: 202, at: '/run/single/4242' });
    }
    expect(tooLong.body).toEqual({ order_id: '4242', ...NAMES, outcome: 'started' });
    expect(unwaited.headers['preference-applied']).toBe('respond-async');
    expect(unwaited.headers['idempotent-replayed']).toBe('true');
  });

  it('tells the operator of its own faults, and not of a script that failed', async () => {
    const progress: PaymentProgress[] = [];
    const fault = new Error('unforeseen');
    const failed = started('started', failing(failedRun('ScriptFailedError', { exit_code: 1 })));

    await pay(appOf({ start: async () => failed }, (event) => progress.push(event)));
    const { status } = await pay(appOf({ start: failing(fault) }, (event) => progress.push(event)));

    expect(status).toBe(500);
    expect(progress).toEqual([{ event: 'broke', error: fault }]);
  });
});

describe('/run/single/:orderId', () => {
  it('tells what has become of the order: running, done, or failed by the same problem', async () => {
    const error = failedRun('ScriptFailedError', { exit_code: 3, stderr: GARBAGE });
    const { body: problem } = await pay(appOfStart(started('started', failing(error))));
    const show = async (state: object) => {
      const app = appOf({ state: async () => ({ ...RUN, ...state }) as never });
      return (await request(app).get('/run/single/4242')).body;
    };

    const common = { order_id: '4242', ...NAMES };
    expect(await show({ status: 'running' })).toEqual({ ...common, status: 'running' });
    const done = { ...common, status: 'done', result: RESULT };
    expect(await show({ status: 'done', result: RESULT })).toEqual(done);
    const failed = { ...common, status: 'failed', problem };
    expect(await show({ status: 'failed', error })).toEqual(failed);
  });

  it('knows no order that nobody has asked for, and retries none', async () => {
    const app = appOf({ state: async () => undefined });

    const answers = [
      await request(app).get('/run/single/4242'),
      await request(app).post('/run/single/4242/retry'),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });

  it('retries on purpose, and not while the order is being paid', async () => {
    const options: unknown[] = [];
    const retry = async (outcome: 'started' | 'joined' | 'replayed') => {
      const start = async (_payment: Payment, how: unknown) => {
        options.push(how);
        return started(outcome);
      };
      const state = async () => ({ ...RUN, status: 'running' }) as const;
      return (await request(appOf({ start, state })).post('/run/single/4242/retry')).status;
    };

    const answers = [await retry('started'), await retry('replayed'), await retry('joined')];

    expect(answers).toEqual([200, 200, 409]);
    const onPurpose = { retryFailed: true };
    expect(options).toEqual([onPurpose, onPurpose, onPurpose]);
  });

  it.each([
    ['GET', '/run/single', 405, 'POST'],
    ['PUT', '/run/single/4242', 405, 'GET, HEAD'],
    ['GET', '/run/single/4242/retry', 405, 'POST'],
    ['GET', '/run/single/00042', 400, undefined],
    ['GET', '/run/single/42%2F42', 400, undefined],
    ['GET', '/run/single/', 400, undefined],
    ['POST', '/run/single/42%20/retry', 400, undefined],
  ])('answers %s %s with %i', async (method, path, status, allow) => {
    const verb = method.toLowerCase() as 'get' | 'put' | 'post';
    const answer = await request(appOf({}))[verb](path);

    expect({ status: answer.status, allow: answer.headers.allow }).toEqual({ status, allow });
  });
});

type App = ReturnType<typeof appOf>;

function pay(app: App, headers: Record<string, string> = {}) {
  return send(app, '{"order_id": "4242"}', headers);
}

function send(app: App, body: string, headers: Record<string, string> = {}) {
  return request(app).post('/run/single').set(headers).type('json').send(body);
}
