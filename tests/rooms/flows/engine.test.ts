import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openFlows } from '#fixtures/flows/house';
import { requireStorableKey } from '#idempotency/rules';
import {
  createMemoryOutbox,
  type FlowDefinition,
  flowWorkflowId,
  nextStep,
  type Outbox,
  stepKey,
} from '#systems/flows';
import { createBarrier, holdActivityUntilOpen } from '#testkit';
import { it } from '#testkit/vitest';

describe('the next step', () => {
  const condition = { satisfied: 'yes', not_satisfied: 'no', timeout: 'late' };
  it.for([
    ['is the branch of its event', { condition, go_to: 'on' }, ['yes', 'no', 'late']],
    [
      'is go_to without a branch',
      { condition: { timeout: 'late' }, go_to: 'on' },
      ['on', 'on', 'late'],
    ],
    ['is go_to without a condition', { go_to: 'on' }, ['on', 'on', 'on']],
    [
      'is none without either',
      { condition: { not_satisfied: 'no' } },
      [undefined, 'no', undefined],
    ],
  ] as const)('%s', ([, rest, expected]) => {
    const step = { node: 'webhook', ...rest };

    const next = EVENTS.map((event) => nextStep(step, event));

    expect(next).toEqual(expected);
  });
});

const EVENTS = ['condition_satisfied', 'condition_not_satisfied', 'condition_timeout'] as const;

describe('the key of a step', () => {
  // A store keeps 2,048 bytes: a definition that is good has no step that cannot have its effect.
  it.for(['字', '%', 'é'])('fits a store, however long its name: 255 times %s', (letter) => {
    const workflowId = '字'.repeat(255);
    const key = stepKey(workflowId, letter.repeat(255), 10_000);

    expect(() => requireStorableKey(key)).not.toThrow();
  });

  it('is another for each step, slashes and marks in its name or not', () => {
    const names = ['a/b', 'a%2Fb', 'a', 'a#1', 'a%231', 'ä ö', 'a~b'];
    const keys = names.flatMap((name) => [1, 11].map((visit) => stepKey('w', name, visit)));

    expect(new Set(keys).size, 'distinct keys').toBe(names.length * 2);
  });
});

describe.concurrent('a flow with a step of each node', () => {
  it('visits them all, and each may use what those before it have come to', async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal, {
      answer: (_hook, time) => ({
        status: [503, 429][time - 1] ?? 200,
        headers: { 'Retry-After': '0' },
      }),
      shrink: true,
    });
    const { flows, outbox, receiver } = house;
    const name = newName('all_nodes');

    const run = await flows.start({ name, definition: ALL_NODES, input: { total_cents: 12_00 } });
    await flows.signal(name, 'client-answered', { signal_id: 'a', payload: { liked: 'tea' } });
    const { visited, results } = await run.result();

    expect(visited.map(({ step, node, event_type }) => [step, node, event_type])).toEqual([
      ['ask', 'send_message', 'condition_satisfied'],
      ['hold', 'explicit_wait', 'condition_satisfied'],
      ['listen', 'wait_answer', 'condition_satisfied'],
      ['is_large', 'branch', 'condition_not_satisfied'],
      ['is_tea', 'branch', 'condition_satisfied'],
      ['report', 'webhook', 'condition_satisfied'],
      ['tell', 'notify_creator', 'condition_satisfied'],
    ]);
    expect(results.is_tea, 'what a branch has seen').toEqual({
      event: 'condition_satisfied',
      output: { value: 'tea' },
    });
    expect(await outbox.effects()).toMatchObject([
      { key: stepKey(name, 'ask', 1), kind: 'message', to: 'customer', flow: 'all_nodes' },
      {
        key: stepKey(name, 'tell', 1),
        kind: 'notification',
        to: 'dora',
        text: 'Told: {"liked":"tea"}',
      },
    ]);
    // Twice the receiver could not take it, and it was asked again under the same key.
    const key = `"${stepKey(name, 'report', 1)}"`;
    expect(receiver.received.map((hook) => hook.key)).toEqual([key, key, key]);
    expect(receiver.received[0]?.body).toEqual({
      about: 'tea',
      flow: 'all_nodes',
      step: 'report',
      visit: 1,
      workflow_id: name,
      input: { total_cents: 12_00 },
    });
  });

  it('goes where a no leads: a webhook that is refused is asked once', async ({ temporal }) => {
    await using house = await openFlows(temporal, { answer: () => ({ status: 410 }) });
    const definition = {
      name: 'refused',
      version: '1',
      start_step: 'report',
      steps: {
        report: { node: 'webhook', condition: { satisfied: 'praise', not_satisfied: 'complain' } },
        praise: { node: 'notify_creator' },
        complain: { node: 'notify_creator' },
      },
    } satisfies FlowDefinition;

    const run = await house.flows.start({ name: newName('refused'), definition });
    const { visited, results } = await run.result();

    expect(visited.map(({ step }) => step)).toEqual(['report', 'complain']);
    expect(results.report).toEqual({ event: 'condition_not_satisfied', output: { status: 410 } });
    expect(house.receiver.received.length, 'requests').toBe(1);
  });
});

/** The alias is as older definitions spell it. */
const ALL_NODES = {
  name: 'all_nodes',
  version: '1',
  start_step: 'ask',
  steps: {
    ask: { node: 'send_message', go_to: 'hold' },
    hold: { node: 'explicity_wait', config: { seconds: 0 }, go_to: 'listen' },
    listen: { node: 'wait_answer', condition: { satisfied: 'is_large' } },
    is_large: {
      node: 'branch',
      config: { path: 'input.total_cents', at_least: 100_00 },
      condition: { not_satisfied: 'is_tea' },
    },
    is_tea: {
      node: 'branch',
      config: { path: 'results.listen.output.payload.liked', equals: 'tea' },
      condition: { satisfied: 'report' },
    },
    report: { node: 'webhook', config: { body: { about: 'tea' } }, go_to: 'tell' },
    tell: { node: 'notify_creator', config: { to: 'dora', text: 'Told:' } },
  },
} satisfies FlowDefinition;

describe.concurrent('a loop that was meant', () => {
  it('has one effect for each visit, under a key that counts it, and ends where its way out is taken', async ({
    temporal,
  }) => {
    const { outbox, mayAsk } = heldOutbox();
    await using house = await openFlows(temporal, { outbox });
    const { flows } = house;
    const name = newName('loop');

    const run = await flows.start({ name, definition: loopOf(3) });
    // Two answers for three questions: the third one is waited for in vain.
    for (const signal_id of ['a', 'b']) await flows.signal(name, 'client-answered', { signal_id });
    await mayAsk.arrive();
    const { visited, results } = await run.result();

    expect(visited.map(({ step, visit }) => `${step}#${visit}`)).toEqual([
      'ask#1',
      'listen#1',
      'ask#2',
      'listen#2',
      'ask#3',
      'listen#3',
      'close#1',
    ]);
    expect(results.listen?.event, 'the last visit').toBe('condition_timeout');
    expect((await outbox.effects()).map(({ key }) => key)).toEqual([
      stepKey(name, 'ask', 1),
      stepKey(name, 'ask', 2),
      stepKey(name, 'ask', 3),
      stepKey(name, 'close', 1),
    ]);
  });

  it('fails where it was to be visited twice at most, and the third visit has no effect', async ({
    temporal,
  }) => {
    const { outbox, mayAsk } = heldOutbox();
    await using house = await openFlows(temporal, { outbox });
    const { flows } = house;
    const name = newName('loop');

    const run = await flows.start({ name, definition: loopOf(2) });
    for (const signal_id of ['a', 'b']) await flows.signal(name, 'client-answered', { signal_id });
    await mayAsk.arrive();
    await expect(run.result()).rejects.toMatchObject({ type: 'TooManyVisitsError' });

    expect((await outbox.effects()).map(({ key }) => key)).toEqual([
      stepKey(name, 'ask', 1),
      stepKey(name, 'ask', 2),
    ]);
    expect((await flows.state(name))?.status).toBe('failed');
  });
});

/** Nothing is written before the answers are there, so that no question is asked in vain but the last. */
function heldOutbox() {
  const mayAsk = createBarrier(1);
  const outbox = createMemoryOutbox();
  const put = async (...entry: Parameters<Outbox['put']>) => {
    await holdActivityUntilOpen(mayAsk);
    return await outbox.put(...entry);
  };
  return { outbox: { ...outbox, put }, mayAsk };
}

function loopOf(max_visits: number): FlowDefinition {
  return {
    name: 'loop',
    version: '1',
    start_step: 'ask',
    steps: {
      ask: { node: 'send_message', go_to: 'listen', max_visits },
      listen: {
        node: 'wait_answer',
        config: { timeout_seconds: 0.1 },
        condition: { satisfied: 'ask', timeout: 'close' },
      },
      close: { node: 'send_message' },
    },
  };
}

function newName(flow: string): string {
  return flowWorkflowId(flow, uuid());
}
