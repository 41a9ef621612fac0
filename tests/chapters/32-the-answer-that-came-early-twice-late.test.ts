/**
 * Chapter 32. The answer that came early, twice, late
 *
 * Claim     An answer counts once, whenever it comes: before its question it is kept, a repeat of its ID changes
 *           nothing, after the time is up it is written down and leads nowhere, and after the end it is refused.
 * Method    A flow is held in the step before its question, or in the step after the timeout, and signalled meanwhile.
 * Evidence  The server's count of the signals, what the flow knows of each, its path, and what its creator was told.
 * Control   A sender that gives each sending an ID of its own: the repeat answers the next question, which nobody has
 *           answered, and the creator is told so.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openFlows } from '#fixtures/flows/house';
import {
  createMemoryOutbox,
  type FlowDefinition,
  FlowNotOpenError,
  flowWorkflowId,
  type Outbox,
  stepKey,
} from '#systems/flows';
import { type Barrier, createBarrier, holdActivityUntilOpen } from '#testkit';
import { it } from '#testkit/vitest';

/** Two questions: whether the client wants the cart, and whether as a gift. */
const TWO_QUESTIONS = {
  name: 'two_questions',
  version: '1',
  start_step: 'ask',
  steps: {
    ask: { node: 'send_message', go_to: 'wants_it' },
    wants_it: {
      node: 'wait_answer',
      config: { timeout_seconds: 60 },
      condition: { satisfied: 'tell_wish' },
    },
    tell_wish: { node: 'notify_creator', go_to: 'as_gift' },
    as_gift: {
      node: 'wait_answer',
      config: { timeout_seconds: 0.1 },
      condition: { satisfied: 'tell_gift', timeout: 'close' },
    },
    tell_gift: { node: 'notify_creator', go_to: 'close' },
    close: { node: 'send_message' },
  },
} satisfies FlowDefinition;

describe.concurrent('an answer that comes before its question, and comes twice,', () => {
  it.for([
    [
      'one ID',
      'answers one question: the next one is waited for in vain',
      ['answer-1', 'answer-1'],
      ['ask', 'wants_it', 'tell_wish', 'as_gift', 'close'],
    ],
    [
      'an ID of each sending',
      'answers two questions: its creator is told of a gift that nobody has wished for',
      [uuid(), uuid()],
      ['ask', 'wants_it', 'tell_wish', 'as_gift', 'tell_gift', 'close'],
    ],
  ] as const)('with %s %s', async ([, , signalIds, path], { temporal }) => {
    const [isAsking, mayAsk] = [createBarrier(1), createBarrier(1)];
    const outbox = heldOutbox('ask', isAsking, mayAsk);
    await using house = await openFlows(temporal, { outbox });
    const { flows } = house;
    const name = flowWorkflowId('two_questions', uuid());
    const known = new Set(signalIds).size;

    const run = await flows.start({ name, definition: TWO_QUESTIONS });
    await isAsking.opened;
    for (const signal_id of signalIds) {
      await flows.signal(name, 'client-answered', { signal_id, payload: 'yes' });
    }
    const early = await flows.state(name);
    await mayAsk.arrive();
    const { visited, results } = await run.result();

    const events = await temporal.history(name);
    const arrived = events.filter((event) => event === 'WorkflowExecutionSignaled');
    expect(arrived.length, 'signals that arrived').toBe(2);
    expect(early?.flow?.current, 'the step in which they came').toBe('ask');
    const kept = early?.flow?.signals.map(({ used_by }) => used_by);
    expect(kept, 'answers that it has kept, by the step that uses them').toEqual(
      Array(known).fill(null),
    );
    expect(visited.map(({ step }) => step)).toEqual(path);
    expect(results.wants_it?.output).toMatchObject({ signal_id: signalIds[0], payload: 'yes' });
    const told = (await outbox.effects()).filter(({ kind }) => kind === 'notification');
    expect(told.length, 'what the creator was told').toBe(known);
    const state = await flows.state(name);
    expect(state?.flow?.signals.map(({ used_by }) => used_by)).toEqual(
      ['wants_it#1', 'as_gift#1'].slice(0, known),
    );
  });
});

describe('an answer that comes after the time is up', () => {
  it('is written down and leads nowhere, and after the end it is refused', async ({ temporal }) => {
    const [isReminding, mayRemind] = [createBarrier(1), createBarrier(1)];
    const outbox = heldOutbox('remind', isReminding, mayRemind);
    await using house = await openFlows(temporal, { outbox });
    const { flows } = house;
    const name = flowWorkflowId('reminder', uuid());

    const run = await flows.start({ name, definition: REMINDER });
    await isReminding.opened;
    await flows.signal(name, 'client-answered', { signal_id: 'answer-1', payload: 'yes' });
    const late = await flows.state(name);
    await mayRemind.arrive();
    const { visited } = await run.result();
    const refused = flows.signal(name, 'client-answered', { signal_id: 'answer-2' });
    await expect(refused).rejects.toThrow(FlowNotOpenError);

    expect(late?.flow?.signals).toMatchObject([{ signal_id: 'answer-1', used_by: null }]);
    expect(visited.map(({ step, event_type }) => [step, event_type])).toEqual([
      ['wants_it', 'condition_timeout'],
      ['remind', 'condition_satisfied'],
    ]);
    // One path, and the late answer is still known to whoever looks at the run.
    expect(await outbox.effects()).toMatchObject([{ key: stepKey(name, 'remind', 1) }]);
    expect((await flows.state(name))?.flow?.signals, 'after the end').toEqual(late?.flow?.signals);
  });
});

const REMINDER = {
  name: 'reminder',
  version: '1',
  start_step: 'wants_it',
  steps: {
    wants_it: {
      node: 'wait_answer',
      config: { timeout_seconds: 0.1 },
      condition: { satisfied: 'tell_wish', timeout: 'remind' },
    },
    tell_wish: { node: 'notify_creator' },
    remind: { node: 'send_message' },
  },
} satisfies FlowDefinition;

/** An outbox that holds the entry of one step: `arrived` opens when it comes, and `may` lets it in. */
function heldOutbox(step: string, arrived: Barrier, may: Barrier): Outbox {
  const outbox = createMemoryOutbox();
  return {
    async put(key, entry, by) {
      if (entry.step === step) {
        await arrived.arrive();
        await holdActivityUntilOpen(may);
      }
      return await outbox.put(key, entry, by);
    },
    effects: () => outbox.effects(),
  };
}
