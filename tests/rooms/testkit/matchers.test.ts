import { describe, expect } from 'vitest';
import type { Effect } from '#idempotency';
import { concurrently, createRecorder, type Recorder } from '#testkit';
import { it } from '#testkit/vitest';

describe('toOverlap', () => {
  it('holds for five requests that were in flight at one instant, and not for six', async () => {
    const recorder = createRecorder('five at once');
    const allArrived = recorder.gate('five have arrived', 5);

    await concurrently(5, ({ name }) => recorder.request(name, () => arrive(allArrived)));

    expect(recorder).toOverlap(5);
    expect(recorder.evidence(), 'the record itself').toOverlap(5);
    expect(() => expect(recorder).toOverlap(6)).toThrow(
      /^requests in flight at one instant: expected 6, got at most 5\n/,
    );
  });

  it('fails for clients one after the other, and shows when each one sent and was answered', async () => {
    const recorder = createRecorder('one after the other');
    await recorder.request('client 1', async () => ({ outcome: 'started' }));
    await recorder.request('client 2', async () => ({ outcome: 'joined' }));

    expect(failureOf(() => expect(recorder).toOverlap(2))).toBe(
      [
        'requests in flight at one instant: expected 2, got at most 1',
        '  client 1: sent #1, answered #2 +? ms, started',
        '  client 2: sent #3, answered #4 +? ms, joined',
      ].join('\n'),
    );
  });

  it('fails while a gate for as many stays shut, though all are in flight', async () => {
    const recorder = createRecorder('somebody does not come');
    const gate = recorder.gate('three have joined', 3);
    const started = [
      inFlight(recorder, gate, 'client 1'),
      inFlight(recorder, gate, 'client 2'),
      recorder.request('client 3', () => gate.opened.then(() => ({}))),
    ];

    const message = failureOf(() => expect(recorder).toOverlap(3));
    await gate.arrive();
    await Promise.all(started);

    expect(message.split('\n')).toEqual([
      'requests in flight at one instant: expected 3, got at most 3',
      'gate "three have joined" stayed shut: 2 of 3',
      '  client 1: sent #1, in flight',
      '  client 2: sent #2, in flight',
      '  client 3: sent #3, in flight',
    ]);
    expect(recorder, 'once it has opened').toOverlap(3);
  });

  it('fails for no request at all', () => {
    expect(failureOf(() => expect(createRecorder('nobody')).toOverlap(1))).toBe(
      'requests in flight at one instant: expected 1, got at most 0\n  (none)',
    );
  });
});

describe('toShareOneRunId', () => {
  it('holds for answers of one run', () => {
    expect([{ runId: 'run-1' }, { runId: 'run-1' }]).toShareOneRunId();
  });

  it('fails for two runs, and shows both', () => {
    const answers = [{ runId: 'run-1' }, { runId: 'run-2' }, { runId: 'run-1' }];

    expect(failureOf(() => expect(answers).toShareOneRunId())).toBe(
      'distinct run IDs of 3 answers: expected 1, got 2\n  run-1\n  run-2',
    );
  });

  it.each([
    ['no answer', []],
    ['answers without a run ID', [{}, {}]],
    ['an answer without one', [{ runId: 'run-1' }, {}]],
  ])('fails for %s', (_what, answers) => {
    expect(() => expect(answers).toShareOneRunId()).toThrow(/^distinct run IDs of \d answers/);
  });
});

describe('toHaveEffects and toHaveOneEffect', () => {
  const at = Date.UTC(2026, 10, 3, 12, 30);
  const ledger: Effect[] = [
    { key: 'order-1', by: 'run r1', attempt: 1, at },
    { key: 'order-2', by: 'naive endpoint', at },
    { key: 'order-1', by: 'run r1', attempt: 2, at: at + 1 },
  ];

  it('count the effects of one key, and of no other', () => {
    expect(ledger).toHaveEffects('order-1', 2);
    expect(ledger).toHaveOneEffect('order-2');
    expect(ledger).toHaveEffects('order', 0);
  });

  it('fail for an effect too many, and show who caused each, in which attempt, and when', () => {
    expect(failureOf(() => expect(ledger).toHaveOneEffect('order-1'))).toBe(
      [
        'effects with the key "order-1": expected 1, got 2',
        '  order-1 by run r1, attempt 1, 2026-11-03T12:30:00.000Z',
        '  order-1 by run r1, attempt 2, 2026-11-03T12:30:00.001Z',
      ].join('\n'),
    );
  });

  it('fail for an effect that is missing', () => {
    expect(failureOf(() => expect(ledger).toHaveEffects('order-3', 1))).toBe(
      'effects with the key "order-3": expected 1, got 0\n  (none)',
    );
  });
});

type Gate = ReturnType<Recorder['gate']>;

async function arrive(gate: Gate) {
  await gate.arrive();
  return {};
}

function inFlight(recorder: Recorder, gate: Gate, name: string) {
  return recorder.request(name, () => arrive(gate));
}

/** The message of a failed expectation; how long things took is not told twice the same. */
function failureOf(expectation: () => void): string {
  try {
    expectation();
  } catch (error) {
    return (error as Error).message.replaceAll(/\+\d+ ms/g, '+? ms');
  }
  return 'it held';
}
