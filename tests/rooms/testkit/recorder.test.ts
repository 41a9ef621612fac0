import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecorder, overlap, type RequestRecord } from '#testkit';

describe('the recorder', () => {
  it('notes a request while it is in flight, and how it was answered', async () => {
    const recorder = createRecorder('a claim');
    const inFlight: unknown[] = [];

    const answer = await recorder.request({ client: 'client 1', about: 'order-1' }, async () => {
      inFlight.push(...recorder.evidence().requests);
      return { outcome: 'joined', runId: 'run-1', result: () => 90, told: 90 };
    });

    expect(answer.result(), 'the answer is handed over as it is').toBe(90);
    expect(inFlight).toEqual([{ client: 'client 1', about: 'order-1', sent: moment(1) }]);
    expect(recorder.evidence().requests).toEqual([
      {
        client: 'client 1',
        about: 'order-1',
        sent: moment(1),
        answered: moment(2),
        outcome: 'joined',
        runId: 'run-1',
        answer: { outcome: 'joined', runId: 'run-1', told: 90 },
      },
    ]);
  });

  it.each<[string, object, string]>([
    ['its outcome', { outcome: 'started', status: 200 }, 'started'],
    ['its status', { status: 422 }, '422'],
    ['nothing but that it came', {}, 'answered'],
  ])('calls an answer by %s', async (_by, answer, outcome) => {
    const recorder = createRecorder('a claim');

    await recorder.request('client 1', async () => answer);

    expect(recorder.evidence().requests).toMatchObject([{ outcome }]);
  });

  it('hands over an answer that has no JSON form, and notes it as answered', async () => {
    const recorder = createRecorder('a claim');
    const cyclic: { self?: unknown; status: number } = { status: 200 };
    cyclic.self = cyclic;

    expect(await recorder.request('client 1', async () => cyclic)).toBe(cyclic);

    expect(recorder.evidence().requests).toMatchObject([{ outcome: '200' }]);
  });

  it('notes a failure by its name, and throws it on', async () => {
    const recorder = createRecorder('a claim');
    const planted = new RangeError('planted');

    const request = recorder.request('client 1', () => Promise.reject(planted));

    await expect(request).rejects.toBe(planted);
    expect(recorder.evidence().requests).toMatchObject([
      { outcome: 'RangeError', answered: moment(2) },
    ]);
  });

  it('notes an attempt, how it ended, and why', async () => {
    const recorder = createRecorder('a claim');
    const of = { activity: 'pay', workflowId: 'w', runId: 'r', worker: 'worker 1' };

    const planted = new Error('planted');
    const first = recorder.attempt({ ...of, attempt: 1 }, () => Promise.reject(planted));
    await expect(first).rejects.toBe(planted);
    await recorder.attempt({ ...of, attempt: 2 }, async () => 'paid');

    expect(recorder.evidence().attempts).toEqual([
      { ...of, attempt: 1, started: moment(1), ended: moment(2), how: 'failed', error: 'planted' },
      { ...of, attempt: 2, started: moment(3), ended: moment(4), how: 'completed' },
    ]);
  });

  it('notes when a gate opened, and of one that stayed shut how many were there', async () => {
    const recorder = createRecorder('a claim');
    await recorder.gate('opens', 1).arrive();
    const stays = recorder.gate('stays shut', 2);
    void stays.arrive();
    const breaks = recorder.gate('breaks', 1);
    breaks.break(new Error('planted'));
    await breaks.arrive().catch(() => {});

    expect(recorder.evidence().gates).toEqual([
      { name: 'opens', parties: 1, arrivals: 1, opened: moment(1) },
      { name: 'stays shut', parties: 2, arrivals: 1 },
      { name: 'breaks', parties: 1, arrivals: 1 },
    ]);
  });
});

describe('the evidence', () => {
  it('survives JSON.stringify with all that was noted', async () => {
    const recorder = createRecorder('a claim');
    recorder.before({ alice: 100_00 });
    await recorder.request('client 1', async () => ({ status: 200, handle: () => {} }));
    await recorder.gate('gate', 1).arrive();
    recorder.after({ alice: 90_00 });
    recorder.effects([{ key: 'order-1', by: 'client 1', attempt: 1, at: 1 }]);
    recorder.table({ title: 'table', columns: ['a'], rows: [[1]] });
    recorder.verdict({ holds: true, says: 'PROOF', details: [], problems: [] });

    const evidence = recorder.evidence();

    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
    expect(evidence).toMatchObject({ claim: 'a claim', verdict: { holds: true } });
  });

  it('is what was noted so far: nothing changes it afterwards', async () => {
    const recorder = createRecorder('a claim');
    const early = recorder.evidence();

    await recorder.request('client 1', async () => ({}));

    expect(early.requests.length, 'requests in the early evidence').toBe(0);
    expect(recorder.evidence().requests.length, 'requests now').toBe(1);
  });
});

describe('the overlap', () => {
  it('is the most requests between whose sending and whose answer one instant lies', () => {
    // Each number is a request: its first place in the list is its sending, its second its answer.
    const events = fc.array(fc.nat({ max: 12 }), { maxLength: 60 });

    fc.assert(
      fc.property(events, (numbers) => {
        const { requests, mostInFlight } = played(numbers);
        expect(overlap({ requests })).toBe(mostInFlight);
      }),
    );
  });
});

function played(numbers: readonly number[]) {
  const inFlight = new Map<number, { client: string; sent: RequestRecord['sent'] }>();
  const requests: RequestRecord[] = [];
  let mostInFlight = 0;
  for (const [index, number] of numbers.entries()) {
    const at = { order: index + 1, at: 0 };
    const request = inFlight.get(number);
    if (request) requests.push({ ...request, answered: at });
    if (request) inFlight.delete(number);
    else inFlight.set(number, { client: `client ${number}`, sent: at });
    mostInFlight = Math.max(mostInFlight, inFlight.size);
  }
  return { requests: [...requests, ...inFlight.values()], mostInFlight };
}

function moment(order: number) {
  return { order, at: expect.any(Number) };
}
