import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openFlows } from '#fixtures/flows/house';
import { fingerprint } from '#idempotency';
import { type FlowDefinition, type FlowState, flowWorkflowId, stepKey } from '#systems/flows';
import type { Temporal } from '#testkit';
import { it } from '#testkit/vitest';

const TWO_STEPS = {
  name: 'two_steps',
  version: '1',
  start_step: 'ask',
  steps: {
    ask: { node: 'send_message', go_to: 'tell' },
    tell: { node: 'notify_creator' },
  },
} satisfies FlowDefinition;
const GOOD = { definition: TWO_STEPS, definition_hash: fingerprint(TWO_STEPS), input: {} };

/** What no client of ours sends. */
const GARBAGE: readonly (readonly unknown[])[] = [
  [],
  [null],
  ['abandoned_cart'],
  [[GOOD]],
  [{ ...GOOD, definition: null }],
  [{ ...GOOD, definition: { ...TWO_STEPS, start_step: 'sak' } }],
  [{ ...GOOD, definition: { ...TWO_STEPS, steps: { ask: { node: 'send_mesage' } } } }],
  [{ ...GOOD, definition: { ...TWO_STEPS, steps: { ask: { node: 'constructor' } } } }],
  [{ ...GOOD, input: undefined }],
  [{ ...GOOD, input: null }],
  [{ ...GOOD, input: 'cart-1' }],
  [{ ...GOOD, tenant: 5 }],
];

describe.concurrent('a start from outside, such as the Temporal CLI’s', () => {
  it(`that carries no flow fails at once and sends nothing: ${GARBAGE.length} kinds`, async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal);

    const types = await Promise.all(GARBAGE.map((args) => failureOf(start(temporal, args))));

    expect(types).toEqual(GARBAGE.map(() => 'InvalidFlowError'));
    expect(await house.outbox.effects(), 'messages').toEqual([]);
  });

  it('works on every step, whatever it says of an earlier run: nobody skips one by saying so', async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal);
    const carried: FlowState = {
      flow: 'two_steps',
      version: '1',
      definition_hash: 'forged',
      status: 'running',
      visited: [
        {
          step: 'ask',
          node: 'send_message',
          visit: 1,
          event_type: 'condition_satisfied',
          completed_at: '2026-01-01T00:00:00.000Z',
        },
      ],
      visits: { ask: 1 },
      current: 'tell',
      waiting: null,
      results: { ask: { event: 'condition_satisfied', output: {} } },
      signals: [],
    };

    const { result, workflowId } = await started(temporal, [GOOD, carried]);

    expect(await result).toMatchObject({ visited: [{ step: 'ask' }, { step: 'tell' }] });
    expect((await house.outbox.effects()).map(({ key }) => key)).toEqual([
      stepKey(workflowId, 'ask', 1),
      stepKey(workflowId, 'tell', 1),
    ]);
  });
});

describe('a start from outside with 2,800 steps, and three things wrong with each', () => {
  // All of them are more than 4 MiB, of which the server would hear nothing.
  it('fails at once, and tells of the first 100', async ({ temporal }) => {
    await using _house = await openFlows(temporal);
    const names = Array.from({ length: 2_800 }, (_, index) => 's'.repeat(240) + index);
    const steps = names.map((name) => [name, { node: 'nope', go_to: `${name}-next` }]);
    const definition = { ...TWO_STEPS, start_step: names[0], steps: Object.fromEntries(steps) };

    const { cause } = await start(temporal, [{ ...GOOD, definition }]).catch((error) => error);

    expect(cause.type).toBe('InvalidFlowError');
    expect(cause.details[0].length, 'problems').toBe(100);
  });
});

const start = async (temporal: Temporal, args: readonly unknown[]) =>
  (await started(temporal, args)).result;

async function started({ client, taskQueue }: Temporal, args: readonly unknown[]) {
  const workflowId = flowWorkflowId('two_steps', uuid());
  const handle = await client.workflow.start('DynamicFlowWorkflow', {
    workflowId,
    workflowExecutionTimeout: '20 seconds',
    taskQueue,
    args: [...args],
  });
  return { workflowId, result: handle.result() };
}

/** How the run has failed: the name of its error, or the result where it has not. */
async function failureOf(run: Promise<unknown>): Promise<unknown> {
  return await run.catch(({ cause }) => cause.type ?? cause);
}
