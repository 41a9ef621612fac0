import { describe, expect, it } from 'vitest';
import { FlowNotOpenError, type Flows, type SignalInput } from '#systems/flows';
import { TemporalUnavailableError } from '#temporal';
import { appOf, failing, PROBLEM, post, RUN_ID, STATE, viewOf } from './http-routes.ts';

const NAME = 'abandoned_cart-c1';
const SIGNAL = { workflow_id: NAME, signal_id: 's1' };
const NOT_ASKED: Flows['state'] = async () => undefined;
const OVER = { signal: failing(new FlowNotOpenError(NAME)) };
const send = (app: ReturnType<typeof appOf>, body: string | object, headers = {}) =>
  post(app, '/send-signal', body, headers);

function sending(flows: Partial<Flows> = {}) {
  const sent: [name: string, signal: string, input: SignalInput][] = [];
  const signal: Flows['signal'] = async (name, called, input) =>
    void sent.push([name, called, input]);
  return { sent, app: appOf({ signal, state: NOT_ASKED, ...flows }) };
}

describe('POST /send-signal', () => {
  it('sends the signal to the flow that it names, and says so', async () => {
    const { sent, app } = sending();

    const { status, body } = await send(app, { ...SIGNAL, payload: { liked: true, stars: 5 } });

    expect({ status, body }).toEqual({
      status: 200,
      body: {
        workflow_id: NAME,
        signal_name: 'client-answered',
        signal_id: 's1',
        idempotent: true,
        message: `Successfully sent 'client-answered' signal to workflow: ${NAME}`,
      },
    });
    expect(sent).toEqual([
      [NAME, 'client-answered', { signal_id: 's1', payload: { liked: true, stars: 5 } }],
    ]);
  });

  it('sends no other payload under an ID that the open flow knows, and says which of the two it is', async () => {
    const known = { signal_id: 's1', name: 'client-answered', payload: { liked: true } };
    const signals = [{ ...known, received_at: '2026-01-01T00:00:00.000Z', used_by: null }];
    const view = viewOf('running', { flow: { ...STATE, signals } });
    const { sent, app } = sending({ state: async () => view });

    const same = await send(app, { ...SIGNAL, payload: { liked: true } });
    const other = await send(app, { ...SIGNAL, payload: { liked: false } });

    expect(same.status).toBe(200);
    expect(same.headers['idempotent-replayed']).toBe('true');
    expect({ status: other.status, type: other.body.type }).toEqual({
      status: 422,
      type: `${PROBLEM}intent-mismatch`,
    });
    expect(sent).toEqual([]);
  });

  it.each([
    ['its signal_id, before a key', SIGNAL, 'k1', 's1'],
    ['its key', { workflow_id: NAME }, '"k1"', 'k1'],
  ])('names the signal after %s', async (_what, body, key, id) => {
    const { sent, app } = sending();

    await send(app, body, { 'Idempotency-Key': key });

    expect(sent).toEqual([[NAME, 'client-answered', { signal_id: id }]]);
  });

  it('makes up another name for each signal that has none, and tells it, also where Temporal is away', async () => {
    const { sent, app } = sending();
    const away = appOf({
      signal: failing(new TemporalUnavailableError()),
      state: NOT_ASKED,
    });

    const answers = [
      await send(app, { workflow_id: NAME }),
      await send(app, { workflow_id: NAME }),
    ];
    const unnamed = await send(away, { workflow_id: NAME });
    const named = await send(away, SIGNAL);

    expect(answers.map(({ body }) => body.idempotent)).toEqual([false, false]);
    const ids = sent.map(([, , { signal_id }]) => signal_id);
    expect(answers.map(({ body }) => body.signal_id)).toEqual(ids);
    expect(new Set(ids).size, 'different names').toBe(2);
    expect([unnamed.status, named.status]).toEqual([503, 503]);
    expect(unnamed.body.detail).toMatch(/again with "signal_id": "[0-9a-f-]{36}" in it/);
    expect(named.body.detail).toMatch(/send the same request again$/);
  });

  it.each<[string, string, string, object]>([
    [
      'neither ID',
      '400 missing-workflow-id',
      'workflow_id or run_id is required',
      { signal_id: 's1' },
    ],
    [
      'two empty IDs',
      '400 missing-workflow-id',
      'workflow_id or run_id is required',
      { workflow_id: '', run_id: '' },
    ],
    [
      'the ID of another tenant',
      '400 bad-workflow-id',
      'Workflow ID must not contain a tilde',
      { workflow_id: `north~${NAME}` },
    ],
    [
      'a signal_id that is null',
      '400 bad-signal-id',
      'Signal ID is required',
      { ...SIGNAL, signal_id: null },
    ],
    [
      'a signal that nobody listens to',
      '422 unknown-signal',
      'No flow listens to "paid": it is one of client-answered',
      { ...SIGNAL, signal_name: 'paid' },
    ],
    [
      'a signal_name that is null',
      '400 bad-signal-name',
      'Signal name is required',
      { ...SIGNAL, signal_name: null },
    ],
    [
      'a text that is no text',
      '400 bad-payload',
      'payload.text has to be whole Unicode characters',
      { ...SIGNAL, payload: { text: '\udc00' } },
    ],
  ])('sends nothing for %s', async (_what, told, detail, body) => {
    const { status, body: problem } = await send(appOf(), body);

    expect(`${status} ${problem.type}`.replace(PROBLEM, '')).toBe(told);
    expect(problem.detail).toBe(detail);
  });
});

describe('POST /send-signal with a run_id', () => {
  const running = { state: async () => viewOf('running') };
  const nameOf = async () => NAME;

  it.each([
    ['alone', { run_id: RUN_ID }],
    ['beside an empty workflow_id', { run_id: RUN_ID, workflow_id: '' }],
    ['beside its workflow_id', { run_id: RUN_ID, workflow_id: NAME }],
  ])('%s reaches the flow whose current run that is', async (_how, body) => {
    const { sent, app } = sending({ ...running, nameOf });

    const { status, body: told } = await send(app, body);

    expect({ status, workflow_id: told.workflow_id }).toEqual({ status: 200, workflow_id: NAME });
    expect(sent.map(([name]) => name)).toEqual([NAME]);
  });

  const other = { state: async () => viewOf('running', { runId: 'another' }) };
  it.each<[string, string, Partial<Flows>, object]>([
    ['nobody knows', '404 unknown-workflow', { nameOf: async () => undefined }, { run_id: RUN_ID }],
    ['is an earlier one', '409 not-the-current-run', { nameOf, ...other }, { run_id: RUN_ID }],
    ['is of another flow', '409 not-the-current-run', other, { run_id: RUN_ID, workflow_id: NAME }],
    [
      'is of a flow that is forgotten',
      '404 unknown-workflow',
      { nameOf, state: async () => undefined },
      { run_id: RUN_ID },
    ],
  ])('that %s is answered with %s, and nothing is sent', async (_what, told, flows, body) => {
    const { sent, app } = sending(flows);

    const { status, body: problem } = await send(app, body);

    expect(`${status} ${problem.type}`.replace(PROBLEM, '')).toBe(told);
    expect(sent).toEqual([]);
  });
});

describe('POST /send-signal to a flow that is over', () => {
  const signals = [
    {
      signal_id: 's1',
      name: 'client-answered',
      payload: { stars: 5 },
      received_at: '2026-01-01T00:00:30.000Z',
      used_by: 'answer#1',
    },
  ];
  const over = appOf({
    ...OVER,
    state: async () => viewOf('done', { flow: { ...STATE, signals } }),
  });
  const payload = { stars: 5 };

  it('is a replay where the flow has had it: only the answer was lost', async () => {
    const { status, headers, body } = await send(over, { ...SIGNAL, payload });

    expect({ status, signal_id: body.signal_id }).toEqual({ status: 200, signal_id: 's1' });
    expect(headers['idempotent-replayed']).toBe('true');
  });

  it.each<[string, object]>([
    ['another signal', { ...SIGNAL, signal_id: 's2', payload }],
    ['its ID with another payload', { ...SIGNAL, payload: { stars: 1 } }],
    ['its ID without a payload', SIGNAL],
    ['one without a name', { workflow_id: NAME, payload }],
  ])('is 409 for %s', async (_what, body) => {
    const { status, body: problem } = await send(over, body);

    expect({ status, type: problem.type }).toEqual({ status: 409, type: `${PROBLEM}flow-over` });
  });

  it('is 409 where no worker tells what it has had, and 404 where nobody has started it', async () => {
    const untold = appOf({ ...OVER, state: async () => viewOf('done', { flow: undefined }) });
    const unknown = appOf({ ...OVER, state: async () => undefined });

    expect((await send(untold, { ...SIGNAL, payload })).body.type).toBe(`${PROBLEM}flow-over`);
    expect((await send(unknown, SIGNAL)).body).toMatchObject({
      status: 404,
      type: `${PROBLEM}unknown-workflow`,
    });
  });
});
