import { v4 as uuid } from 'uuid';
import { describe, expect, vi } from 'vitest';
import { openFlows } from '#fixtures/flows/house';
import { untilWaiting } from '#fixtures/flows/until-waiting';
import {
  CLIENT_ANSWERED,
  CLIENT_ANSWERED_AT,
  createMemoryOutbox,
  FLOW_NAME,
  FLOW_STEP,
  type FlowDefinition,
  flowWorkflowId,
  type OutboxEntry,
  stepKey,
} from '#systems/flows';
import { createBarrier, holdActivityUntilOpen, type Temporal } from '#testkit';
import { it } from '#testkit/vitest';

const QUESTION = {
  name: 'question',
  version: '7',
  start_step: 'ask',
  steps: {
    ask: { node: 'send_message', go_to: 'listen' },
    listen: {
      node: 'wait_answer',
      config: { timeout_seconds: 90 },
      condition: { satisfied: 'tell' },
    },
    tell: { node: 'notify_creator' },
  },
} satisfies FlowDefinition;

describe.concurrent('what is told of a flow', () => {
  it('says at each stage what was visited, where it is, and what it waits for until when', async ({
    temporal,
  }) => {
    const [isAsking, mayAsk] = [createBarrier(1), createBarrier(1)];
    const outbox = createMemoryOutbox();
    const put = async (key: string, entry: OutboxEntry) => {
      if (entry.step === 'ask') {
        await isAsking.arrive();
        await holdActivityUntilOpen(mayAsk);
      }
      return await outbox.put(key, entry);
    };
    await using house = await openFlows(temporal, { outbox: { ...outbox, put } });
    const { flows } = house;
    const name = newName();

    const run = await flows.start({ name, definition: QUESTION });
    await isAsking.opened;
    const asking = await flows.state(name);
    await mayAsk.arrive();
    const listening = await untilWaiting(flows, name, 'client-answered');
    const operators = await seenByOperators(temporal, name);
    await flows.signal(name, 'client-answered', { signal_id: 'a', payload: 'yes' });
    await run.result();
    const done = await flows.state(name);
    const afterwards = await seenByOperators(temporal, name);

    const { definition_hash } = listening;
    const flow = { flow: 'question', version: '7', definition_hash };
    expect(asking).toMatchObject({
      status: 'running',
      flow: { ...flow, status: 'running', visited: [], current: 'ask', waiting: null, signals: [] },
    });
    const [asked] = listening.visited;
    const askedAt = Date.parse(asked?.completed_at ?? '');
    expect(asked).toMatchObject({ step: 'ask', node: 'send_message', visit: 1 });
    expect(listening).toMatchObject({
      current: 'listen',
      waiting: { for: 'client-answered', deadline: new Date(askedAt + 90 * 1_000).toISOString() },
    });
    expect(done?.flow).toMatchObject({ ...flow, status: 'done', current: null, waiting: null });
    expect(done?.flow?.visited.map(({ step }) => step)).toEqual(['ask', 'listen', 'tell']);

    const result = ({ step, node, event_type, completed_at }: NonNullable<typeof asked>) => {
      return { step, node, event_type, completed_at };
    };
    expect(operators.memo).toMatchObject({
      activity_result_ask: asked && result(asked),
      last_activity_result: asked && result(asked),
      workflow_status: 'running',
    });
    expect(operators.attributes).toEqual(['question', 'listen', undefined, undefined]);
    const [, listened, told] = done?.flow?.visited ?? [];
    expect(afterwards.memo).toMatchObject({
      activity_result_ask: asked && result(asked),
      activity_result_listen: listened && result(listened),
      activity_result_tell: told && result(told),
      last_activity_result: told && result(told),
      workflow_status: 'done',
    });
    const [signal] = done?.flow?.signals ?? [];
    const answeredAt = new Date(signal?.received_at ?? '');
    expect(afterwards.attributes).toEqual(['question', 'tell', true, answeredAt]);
  });

  it('says that it has failed where it has', async ({ temporal }) => {
    await using house = await openFlows(temporal);
    const { flows } = house;
    const name = newName();
    const definition = {
      ...QUESTION,
      steps: { ask: { node: 'send_message', max_visits: 1, go_to: 'ask' } },
    } satisfies FlowDefinition;

    const run = await flows.start({ name, definition });
    await expect(run.result()).rejects.toMatchObject({ type: 'TooManyVisitsError' });

    const state = await flows.state(name);
    expect(state).toMatchObject({ status: 'failed', flow: { status: 'failed', current: 'ask' } });
    const { memo } = await seenByOperators(temporal, name);
    expect(memo).toMatchObject({
      last_activity_result: { step: 'ask' },
      workflow_status: 'failed',
    });
  });
});

/** A history of more than so many bytes goes on in another run. */
const LARGE = 4 * 1024 * 1024;
const NOISE = 'x'.repeat(900 * 1024);

describe('a flow whose history has become long', () => {
  it('goes on in another run, which knows its results and its signals, those that wait for their question too', async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal);
    const { flows, outbox } = house;
    const name = newName();
    const handle = temporal.client.workflow.getHandle(name);
    const answer = async (signal_id: string) =>
      await flows.signal(name, 'client-answered', { signal_id, payload: `of ${signal_id}` });

    const run = await flows.start({ name, definition: THREE_QUESTIONS });
    await untilWaiting(flows, name, 'client-answered');
    // Nobody has named them, so nobody takes them: they only make the history long.
    const noises = Math.ceil(LARGE / NOISE.length);
    for (let n = 0; n < noises; n += 1) await handle.signal('client-answered', { payload: NOISE });
    await answer('a');
    await answer('b');
    const state = await vi.waitFor(async () => {
      const flow = (await flows.state(name))?.flow;
      expect(flow?.waiting && flow.current).toBe('third');
      return flow;
    }, WITHIN);
    for (const repeated of ['a', 'b']) await answer(repeated);
    await answer('c');
    await run.result();
    const done = await flows.state(name);

    expect(done?.runId, 'the last run').not.toBe(run.runId);
    const first = await temporal.client.workflow.getHandle(name, run.runId).describe();
    expect(first.status.name, 'the first run').toBe('CONTINUED_AS_NEW');
    expect(state?.signals.map(({ signal_id, used_by }) => [signal_id, used_by])).toEqual([
      ['a', 'first#1'],
      ['b', 'second#1'],
    ]);
    const path = ['ask', 'first', 'tell_first', 'second', 'third', 'tell_third'];
    expect(done?.flow?.visited.map(({ step }) => step)).toEqual(path);
    expect((await outbox.effects()).map(({ key, text }) => [key, text])).toEqual([
      [stepKey(name, 'ask', 1), 'We have kept your cart.'],
      [stepKey(name, 'tell_first', 1), 'First: "of a"'],
      [stepKey(name, 'tell_third', 1), 'Third: "of c"'],
    ]);
    const { memo, attributes } = await seenByOperators(temporal, name);
    expect(Object.keys(memo), 'what both runs have told').toEqual(
      expect.arrayContaining(path.map((step) => `activity_result_${step}`)),
    );
    expect(attributes.slice(0, 3)).toEqual(['question', 'tell_third', true]);
  });
});

const THREE_QUESTIONS = {
  ...QUESTION,
  steps: {
    ask: { node: 'send_message', go_to: 'first' },
    first: { node: 'wait_answer', go_to: 'tell_first' },
    tell_first: { node: 'notify_creator', config: { text: 'First:' }, go_to: 'second' },
    second: { node: 'wait_answer', go_to: 'third' },
    third: { node: 'wait_answer', go_to: 'tell_third' },
    tell_third: { node: 'notify_creator', config: { text: 'Third:' } },
  },
} satisfies FlowDefinition;

/** Memo and search attributes: what is seen without a worker. */
async function seenByOperators({ client }: Temporal, name: string) {
  const { memo = {}, typedSearchAttributes } = await client.workflow.getHandle(name).describe();
  const attributes = [
    typedSearchAttributes.get(FLOW_NAME),
    typedSearchAttributes.get(FLOW_STEP),
    typedSearchAttributes.get(CLIENT_ANSWERED),
    typedSearchAttributes.get(CLIENT_ANSWERED_AT),
  ];
  return { memo, attributes };
}

const WITHIN = { interval: 20, timeout: 20_000 };

function newName(): string {
  return flowWorkflowId('question', uuid());
}
