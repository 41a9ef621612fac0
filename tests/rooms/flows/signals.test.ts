import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openFlows } from '#fixtures/flows/house';
import { untilWaiting } from '#fixtures/flows/until-waiting';
import {
  CLIENT_ANSWERED,
  type FlowDefinition,
  FlowNotOpenError,
  flowWorkflowId,
} from '#systems/flows';
import { it } from '#testkit/vitest';

const QUESTION = {
  name: 'question',
  version: '1',
  start_step: 'listen',
  steps: {
    listen: { node: 'wait_answer', condition: { satisfied: 'tell' } },
    tell: { node: 'notify_creator' },
  },
} satisfies FlowDefinition;

const TELL = { node: 'notify_creator', config: { text: 'Told:' } };
const NUMBERED = {
  ...QUESTION,
  start_step: '2',
  steps: {
    2: { node: 'wait_answer', go_to: '1' },
    1: { node: 'wait_answer', go_to: '3' },
    3: TELL,
  },
} satisfies FlowDefinition;
const ASKED_AGAIN = {
  ...QUESTION,
  start_step: 'ask',
  steps: {
    ask: { node: 'wait_answer', max_visits: 2, go_to: 'is_last' },
    is_last: {
      node: 'branch',
      config: { path: 'results.ask.output.payload', equals: 'last' },
      condition: { satisfied: 'tell', not_satisfied: 'ask_more' },
    },
    ask_more: { node: 'wait_answer', go_to: 'ask' },
    tell: TELL,
  },
} satisfies FlowDefinition;

/** What nobody can send over our HTTP, and anybody with the Temporal CLI. */
const NONSENSE = [[], [null], ['answer-1'], [[]], [{}], [{ signal_id: '' }], [{ signal_id: 7 }]];

describe.concurrent('signals to a flow', () => {
  it(`that say nothing change nothing, nor do those of another name: ${NONSENSE.length} kinds`, async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal);
    const { flows } = house;
    const name = newName();
    const handle = temporal.client.workflow.getHandle(name);

    const run = await flows.start({ name, definition: QUESTION });
    for (const args of NONSENSE) await handle.signal<unknown[]>('client-answered', ...args);
    await handle.signal('step_2', { signal_id: 'answer-0' });
    const state = await untilWaiting(flows, name, 'client-answered');
    const { searchAttributes } = await handle.describe();
    await flows.signal(name, 'client-answered', { signal_id: 'answer-1' });
    const { results } = await run.result();

    expect(state.signals, 'what was taken').toEqual([]);
    expect(searchAttributes[CLIENT_ANSWERED.name], 'whether the client has answered').toBe(
      undefined,
    );
    expect(results.listen?.output.signal_id).toBe('answer-1');
    const events = await temporal.history(name);
    const arrived = events.filter((event) => event === 'WorkflowExecutionSignaled');
    expect(arrived.length, 'signals that arrived').toBe(NONSENSE.length + 1 + 1);
  });

  it('are used in the order in which they came, each by one wait', async ({ temporal }) => {
    await using house = await openFlows(temporal);
    const { flows } = house;
    const name = newName();
    const definition = {
      ...QUESTION,
      steps: {
        listen: { node: 'wait_answer', go_to: 'listen_again' },
        listen_again: { node: 'wait_answer', go_to: 'tell' },
        tell: { node: 'notify_creator', config: { text: 'The last answer:' } },
      },
    } satisfies FlowDefinition;

    const run = await flows.start({ name, definition });
    await flows.signal(name, 'client-answered', { signal_id: 'a', payload: 'first' });
    await flows.signal(name, 'client-answered', { signal_id: 'b', payload: 'second' });
    const { results } = await run.result();

    expect(results.listen?.output).toMatchObject({ signal_id: 'a', payload: 'first' });
    expect(results.listen_again?.output).toMatchObject({ signal_id: 'b', payload: 'second' });
    expect(await house.outbox.effects()).toMatchObject([{ text: 'The last answer: "second"' }]);
  });

  it.for([
    ['whose steps have numbers for names', NUMBERED, ['first', 'last']],
    ['that asks the first question again', ASKED_AGAIN, ['first', 'second', 'last']],
  ] as const)(
    'are told to the creator by the one that came last, in a flow %s',
    async ([, definition, answers], { temporal }) => {
      await using house = await openFlows(temporal);
      const name = newName();

      const run = await house.flows.start({ name, definition });
      for (const payload of answers) {
        await house.flows.signal(name, 'client-answered', { signal_id: payload, payload });
      }
      await run.result();

      expect(await house.outbox.effects()).toMatchObject([{ text: 'Told: "last"' }]);
    },
  );

  it('are refused where nobody listens: a flow that is over, or was never started', async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal);
    const { flows } = house;
    const name = newName();
    const run = await flows.start({ name, definition: QUESTION });
    await flows.signal(name, 'client-answered', { signal_id: 'answer-1' });
    await run.result();

    for (const closed of [name, newName()]) {
      const sent = flows.signal(closed, 'client-answered', { signal_id: 'answer-1' });
      await expect(sent).rejects.toThrow(FlowNotOpenError);
      await expect(sent).rejects.toThrow(closed);
    }

    expect((await flows.state(name))?.flow?.signals.length, 'what was taken').toBe(1);
    expect((await house.outbox.effects()).length, 'notifications').toBe(1);
  });
});

function newName(): string {
  return flowWorkflowId('question', uuid());
}
