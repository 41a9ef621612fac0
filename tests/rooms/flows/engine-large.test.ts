import { v4 as uuid } from 'uuid';
import { describe, expect, vi } from 'vitest';
import { openFlows } from '#fixtures/flows/house';
import { type FlowDefinition, flowWorkflowId } from '#systems/flows';
import { it } from '#testkit/vitest';

const TWO_QUESTIONS = {
  name: 'large',
  version: '1',
  start_step: 'first',
  steps: {
    first: { node: 'wait_answer', go_to: 'second' },
    second: { node: 'wait_answer', go_to: 'tell' },
    tell: { node: 'send_message' },
  },
} satisfies FlowDefinition;

describe('answers that are too large', () => {
  // The server terminates a run whose activity is given more than 2 MiB, and a run that is terminated cannot tell anybody.
  it('are not taken, so that nobody ends a flow by sending them: it goes on with the ones that it can hold', async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal);
    const { flows } = house;
    const name = flowWorkflowId('large', uuid());
    const answer = async (signal_id: string, letters: number) =>
      await flows.signal(name, 'client-answered', { signal_id, payload: 'x'.repeat(letters) });

    const run = await flows.start({ name, definition: TWO_QUESTIONS });
    await answer('too large by itself', 1.5 * 1024 * 1024);
    await answer('half of what fits', 128 * 1024 - 2);
    await answer('too large beside it', 128 * 1024);
    await answer('small', 5);
    const { visited, results } = await run.result();

    expect(visited.map(({ step }) => step)).toEqual(['first', 'second', 'tell']);
    expect(results.first?.output.signal_id).toBe('half of what fits');
    expect(results.second?.output.signal_id).toBe('small');
    const taken = (await flows.state(name))?.flow?.signals.map(({ signal_id }) => signal_id);
    expect(taken, 'what was taken').toEqual(['half of what fits', 'small']);
  });
});

describe('answers that are large in sum', () => {
  it('are taken one after the other by a loop that asks for them: those that were used make room', async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal);
    const { flows } = house;
    const name = flowWorkflowId('large', uuid());
    const definition = {
      ...TWO_QUESTIONS,
      start_step: 'ask',
      steps: {
        ask: { node: 'wait_answer', max_visits: 4, go_to: 'is_last' },
        is_last: {
          node: 'branch',
          config: { path: 'results.ask.output.signal_id', equals: 'd' },
          condition: { satisfied: 'tell', not_satisfied: 'ask' },
        },
        tell: { node: 'send_message' },
      },
    } satisfies FlowDefinition;

    const run = await flows.start({ name, definition });
    for (const [index, signal_id] of ['a', 'b', 'c', 'd'].entries()) {
      await flows.signal(name, 'client-answered', { signal_id, payload: 'x'.repeat(100 * 1024) });
      const used = async () =>
        (await flows.state(name))?.flow?.signals.filter((one) => one.used_by !== null).length;
      await vi.waitFor(async () => expect(await used(), 'used').toBe(index + 1), WITHIN);
    }
    const { visited } = await run.result();

    const answered = visited.filter(({ step }) => step === 'ask');
    expect(answered.map(({ event_type }) => event_type)).toEqual(
      Array.from({ length: 4 }, () => 'condition_satisfied'),
    );
    expect((await house.outbox.effects()).length, 'messages').toBe(1);
  });
});

const WITHIN = { interval: 20, timeout: 20_000 };

describe('an input that is large', () => {
  it('is looked at by four branches, and not handed on by each of them: the flow comes to its end', async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal);
    const look = { node: 'branch', config: { path: 'input.letter', exists: true } };
    const definition = {
      ...TWO_QUESTIONS,
      steps: {
        first: { ...look, go_to: 'second' },
        second: { ...look, go_to: 'third' },
        third: { ...look, go_to: 'fourth' },
        fourth: { ...look, go_to: 'tell' },
        tell: { node: 'send_message' },
      },
    } satisfies FlowDefinition;
    const input = { letter: 'x'.repeat(600 * 1024) };

    const run = await house.flows.start({
      name: flowWorkflowId('large', uuid()),
      definition,
      input,
    });
    const { visited, results } = await run.result();

    expect(visited.map(({ event_type }) => event_type)).toEqual(
      Object.keys(definition.steps).map(() => 'condition_satisfied'),
    );
    expect(results.fourth?.output).toEqual({});
    expect((await house.outbox.effects()).length, 'messages').toBe(1);
  });

  it('names nobody by more than 255 letters, and nobody by none', async ({ temporal }) => {
    await using house = await openFlows(temporal);
    const definition = {
      ...TWO_QUESTIONS,
      start_step: 'ask',
      steps: { ask: { node: 'send_message', go_to: 'tell' }, tell: { node: 'notify_creator' } },
    } satisfies FlowDefinition;
    const start = async (input: Readonly<Record<string, string>>) =>
      await house.flows.start({ name: flowWorkflowId('large', uuid()), definition, input });

    const unnamed = await start({ customer_id: '', creator_id: '' });
    await unnamed.result();
    const long = await start({ customer_id: 'x'.repeat(255 + 1) });

    await expect(long.result()).rejects.toMatchObject({ type: 'RangeError' });
    expect((await house.outbox.effects()).map(({ to }) => to)).toEqual(['customer', 'creator']);
  });
});

describe('a loop that waits for nobody', () => {
  // The server gives up a task after ten seconds and begins it again, and it ends a run that hands over 2 MiB.
  it('is worked on in tasks of 250 visits, tells of the newest 1,000, and counts them all', async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal);
    const look = { node: 'branch', config: { path: 'input.letter', exists: true } };
    const definition = {
      ...TWO_QUESTIONS,
      steps: { first: { ...look, go_to: 'first', max_visits: 1_000 + 10 } },
    } satisfies FlowDefinition;
    const name = flowWorkflowId('large', uuid());

    const run = await house.flows.start({ name, definition });
    await expect(run.result()).rejects.toMatchObject({ type: 'TooManyVisitsError' });

    const flow = (await house.flows.state(name))?.flow;
    expect(flow?.visits).toEqual({ first: 1_000 + 10 });
    expect(flow?.visited.map(({ visit }) => visit)).toEqual(
      Array.from({ length: 1_000 }, (_, index) => 10 + index + 1),
    );
    const events = await temporal.history(name);
    const timers = events.filter((event) => event === 'TimerFired');
    expect(timers.length, 'tasks that were ended early').toBe(Math.floor((1_000 + 10) / 250));
  });
});
