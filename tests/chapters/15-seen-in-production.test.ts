/**
 * Chapter 15. Seen in production
 *
 * Claim     A lost acknowledgement that cost nothing can be read from metrics, log and trace, by somebody who sees
 *           neither the ledger nor the history; and none of the three tells who paid, or how much.
 * Method    One process runs the fees as a team would: HTTP, worker, Prometheus endpoint, log, OpenTelemetry. The fee of
 *           one order is asked for once, and the report of the first attempt is lost. Then its three outputs are read.
 * Evidence  The counters and their labels, the lines of the log, the spans that a collector has received.
 * Control   The same order through the naive worker, in the same process: two deductions. The SDK's own metrics and
 *           the shape of the trace are the same as for one, so without the outcome of a key nobody would see it.
 */
import { v4 as uuid } from 'uuid';
import { it as base, describe, expect, inject } from 'vitest';
import { plainJs } from '#fixtures/plain-js';
import type { InProductionEnvironment, Serving } from '#fixtures/processes/fees-in-production';
import { type Fee, feeWorkflowId, postDurableFee } from '#systems/fees';
import { spawnFixture } from '#testkit';
import { type SeenSpan, startCollector } from '../rooms/telemetry/otlp.ts';
import { type Sample, scrape, valuesOf } from '../rooms/telemetry/prometheus.ts';

const IN_PRODUCTION = await plainJs(
  new URL('../../fixtures/processes/fees-in-production.ts', import.meta.url),
);

// An account and an amount that stand out, wherever they are written.
const ORDER_ID = uuid();
const FEE: Fee = { orderId: ORDER_ID, accountId: 'marked-account', amountCents: 987_65 };

/** What is left of the process when it has paid the fee twice over: once with a key, once without. */
interface Seen {
  readonly answers: { readonly keyed: unknown; readonly naive: unknown };
  readonly metrics: readonly Sample[];
  readonly log: readonly Line[];
  readonly spans: readonly SeenSpan[];
  /** Each of the three as it was written. */
  readonly written: Readonly<Record<'metrics' | 'log' | 'traces', string>>;
}

type Line = Readonly<Record<string, unknown>>;

// Paid once for the whole chapter, and looked at from each side.
const it = base.extend('seen', { scope: 'file' }, () => payInProduction());

/** The process asks for nothing twice: the second attempt is the server's doing, because the first report was lost. */
async function payInProduction(): Promise<Seen> {
  await using collector = await startCollector();
  await using production = spawnFixture(IN_PRODUCTION, {
    TEMPORAL_ADDRESS: inject('testServer').address,
    FEE_TASK_QUEUE: `test-${uuid()}`,
    NAIVE_TASK_QUEUE: `test-${uuid()}`,
    PORT: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  } satisfies InProductionEnvironment);
  const { url, naiveUrl, metricsAddress } = await production.said<Serving>('serving');

  const keyed = await postDurableFee(url, FEE);
  const naive = await postDurableFee(naiveUrl, { ...FEE, orderId: `${ORDER_ID}-naive` });
  const metrics = await scrape(metricsAddress);
  production.send('stop');
  const log = await production.said<readonly string[]>('stopped');

  return {
    answers: { keyed: keyed.body.new_balance, naive: naive.body.new_balance },
    metrics,
    log: log.map((line) => JSON.parse(line) as Line),
    spans: collector.spans(),
    written: {
      metrics: JSON.stringify(metrics),
      log: log.join(''),
      traces: collector.bodies.join(''),
    },
  };
}

describe('a fee whose first report was lost', () => {
  it('was paid once with a key, and twice without: of which the operator sees nothing yet', ({
    seen,
  }) => {
    expect(seen.answers).toEqual({ keyed: 5_000 - 987.65, naive: 5_000 - 2 * 987.65 });
  });

  it('is, in the metrics, one start and two tries of one key: attempt 1 first, attempt 2 replay', ({
    seen: { metrics },
  }) => {
    const ofKeyed = (name: string) =>
      valuesOf(
        metrics.filter(({ labels }) => labels.system === 'fees'),
        name,
      );
    const first = 'outcome=first step=deduct-fee system=fees';
    const replay = 'outcome=replay step=deduct-fee system=fees';

    expect(ofKeyed('idempotency_start_total')).toEqual({ 'outcome=started system=fees': 1 });
    expect(ofKeyed('idempotency_key_total')).toEqual({ [first]: 1, [replay]: 1 });
    expect(ofKeyed('idempotency_attempts_count')).toEqual({ [first]: 1, [replay]: 1 });
    expect(ofKeyed('idempotency_attempts_sum')).toEqual({ [first]: 1, [replay]: 2 });
    expect(ofKeyed('idempotency_keys_in_flight')).toEqual({ 'system=fees': 0 });
    expect(ofKeyed('idempotency_oldest_key_in_flight_age_seconds')).toEqual({ 'system=fees': 0 });
  });

  it('is, in the log, three lines of one run: started, first, replay', ({ seen: { log } }) => {
    // Who has started a run hears of it while it works: which of the two writes first is chance.
    const own = log
      .filter(({ system }) => system === 'fees')
      .toSorted((one, other) => String(other.msg).localeCompare(String(one.msg)));
    const workflowId = feeWorkflowId(ORDER_ID);
    const runId = own[0]?.runId;
    const common = { level: 'info', time: expect.any(String), system: 'fees', workflowId, runId };
    const key = { ...common, msg: 'key', step: 'deduct-fee' };

    expect(own).toEqual([
      { ...common, msg: 'start', outcome: 'started' },
      { ...key, attempt: 1, outcome: 'first' },
      { ...key, attempt: 2, outcome: 'replay' },
    ]);
    expect(runId, 'the run').toEqual(expect.any(String));
    expect(
      log.find((line) => line.workflowId === workflowId && line.msg === 'Activity failed'),
      'what the SDK says of the first attempt',
    ).toMatchObject({ level: 'warn', attempt: 1, err: { type: 'LostAcknowledgementError' } });
  });

  it('is, in the trace, a start, its run, and two attempts: the first one failed after its effect', ({
    seen: { spans },
  }) => {
    const { start, run, attempts } = traceOf(spans, feeWorkflowId(ORDER_ID));

    expect(run?.parentSpanId, 'who started the run').toBe(start?.spanId);
    expect(start?.attributes.run_id, 'the run that was started').toBe(run?.attributes.runId);
    expect(
      attempts.map(({ attributes, isError, events }) => [attributes.attempt, isError, events]),
    ).toEqual([
      [
        1,
        true,
        [
          { name: 'key', step: 'deduct-fee', outcome: 'first' },
          { name: 'exception', 'exception.type': 'LostAcknowledgementError' },
        ],
      ],
      [2, false, [{ name: 'key', step: 'deduct-fee', outcome: 'replay' }]],
    ]);
  });
});

describe('the same fee through the naive worker, which has taken it twice,', () => {
  it('looks like the other in the metrics of the SDK and in the shape of its trace', ({ seen }) => {
    const { metrics, spans } = seen;
    const [keyed, naive] = [ORDER_ID, `${ORDER_ID}-naive`].map((orderId) =>
      traceOf(spans, feeWorkflowId(orderId)),
    );

    // Of each task queue: one activity failed once, and was tried twice.
    expect(Object.values(valuesOf(metrics, 'temporal_activity_execution_failed'))).toEqual([1, 1]);
    const tries = valuesOf(metrics, 'temporal_activity_execution_latency_count');
    expect(Object.values(tries)).toEqual([2, 2]);
    expect(shapeOf(naive)).toEqual(shapeOf(keyed));
  });

  it('has no word of a key: two attempts, and nobody says whether one of them took nothing', ({
    seen: { metrics, log, spans },
  }) => {
    const ofNaive = metrics.filter(({ labels }) => labels.system === 'naive-fees');
    const { attempts } = traceOf(spans, feeWorkflowId(`${ORDER_ID}-naive`));

    expect(ofNaive.map(({ name }) => name)).toEqual(['idempotency_start_total']);
    expect(log.filter(({ system }) => system === 'naive-fees').map(({ msg }) => msg)).toEqual([
      'start',
    ]);
    expect(attempts.flatMap(({ events }) => events).map(({ name }) => name)).toEqual(['exception']);
  });
});

describe('whoever reads metrics, log and traces', () => {
  it('finds in the labels of ours no key, no order and no account: few values, for ever the same', ({
    seen: { metrics },
  }) => {
    const ours = metrics.filter(({ name }) => name.startsWith('idempotency_'));
    const labels = new Set(ours.flatMap((sample) => Object.keys(sample.labels)));
    const values = (label: string) =>
      [...new Set(ours.flatMap((sample) => sample.labels[label] ?? []))].toSorted();

    expect([...labels].toSorted()).toEqual(['le', 'outcome', 'step', 'system']);
    expect(values('system')).toEqual(['fees', 'naive-fees']);
    expect(values('step')).toEqual(['deduct-fee']);
    expect(values('outcome')).toEqual(['first', 'replay', 'started']);
  });

  it.for(['metrics', 'log', 'traces'] as const)(
    'finds in the %s neither the account nor the amount, nor what an error said',
    (output, { seen: { written } }) => {
      expect(written[output].length, 'characters').toBeGreaterThan(0);
      expect(written[output], 'the account').not.toContain('marked-account');
      expect(written[output], 'the amount').not.toMatch(/\b987\.?65\b/);
      expect(written[output], 'the balance, the answer').not.toMatch(/\b4012\.?35\b/);
      expect(written[output], 'the message of an error').not.toContain('could report it');
    },
  );
});

/** The trace of a run: from its start to its attempts, in their order. */
function traceOf(spans: readonly SeenSpan[], workflowId: string) {
  const start = spans.find(
    ({ name, attributes }) =>
      name === 'StartWorkflow:FeeDeductionWorkflow' && attributes.temporalWorkflowId === workflowId,
  );
  const trace = spans.filter(({ traceId }) => traceId === start?.traceId);
  const attempts = trace.filter(({ name }) => name === 'RunActivity:deductFee');
  return {
    start,
    run: trace.find(({ name }) => name === 'RunWorkflow:FeeDeductionWorkflow'),
    trace,
    attempts: attempts.toSorted((one, other) => attemptOf(one) - attemptOf(other)),
  };
}

function attemptOf({ attributes }: SeenSpan): number {
  return Number(attributes.attempt);
}

/** What a trace looks like without its names and its notes: which spans there are, and which of them failed. */
function shapeOf(found: ReturnType<typeof traceOf> | undefined) {
  return found?.trace.map(({ name, isError }) => `${name}${isError ? ' failed' : ''}`).toSorted();
}
