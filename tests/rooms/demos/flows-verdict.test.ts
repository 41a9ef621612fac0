import { describe, expect, it } from 'vitest';
import { type FlowProofInput, hurried, proveFlows, type WalkedFlow } from '#demos';
import { type FlowDefinition, stepKey } from '#systems/flows';

const CART: FlowDefinition = {
  name: 'cart',
  version: '1',
  start_step: 'ask',
  steps: {
    ask: { node: 'send_message', go_to: 'wait' },
    wait: { node: 'wait_answer', condition: { satisfied: 'tell', timeout: 'call' } },
    tell: { node: 'notify_creator' },
    call: { node: 'webhook' },
  },
};
const ANSWERED = [
  ['ask', 'condition_satisfied'],
  ['wait', 'condition_satisfied'],
  ['tell', 'condition_satisfied'],
] as const;
const SILENT = [
  ['ask', 'condition_satisfied'],
  ['wait', 'condition_timeout'],
  ['call', 'condition_satisfied'],
] as const;

describe('the proof of npm start -- flows', () => {
  it('holds for one effect of each visit of a step that has one, on paths that the definition allows', () => {
    expect(proveFlows(counted())).toEqual({
      holds: true,
      says: 'PROOF OF IDEMPOTENCY: 2 flows, 4 visits of steps with an effect, 4 effects',
      details: [],
      problems: [],
    });
  });

  it.each<{ damage: string; input: Partial<FlowProofInput>; problem: string }>([
    {
      damage: 'a message that was sent twice',
      input: { effects: [...counted().effects, effect('A1', 'ask')] },
      problem: 'A1, ask: 2 effects instead of 1',
    },
    {
      damage: 'a second webhook without a key',
      input: { effects: [...counted().effects, { key: `${effect('A2', 'call').key}-5f2e` }] },
      problem: 'A2, call: 2 effects instead of 1',
    },
    {
      damage: 'a notification that is missing',
      input: { effects: counted().effects.filter(({ key }) => !key.includes('tell')) },
      problem: 'A1, tell: 0 effects instead of 1',
    },
    {
      damage: 'an effect of a step that was not visited',
      input: { effects: [...counted().effects, effect('A1', 'call')] },
      problem: '1 effect of no step that was visited',
    },
    {
      damage: 'a second visit that nobody made',
      input: { effects: [...counted().effects, { key: stepKey('cart-A1', 'ask', 2) }] },
      problem: '1 effect of no step that was visited',
    },
    {
      damage: 'a way that the definition does not have',
      input: { walked: [flow('A1', [ANSWERED[0], ANSWERED[1], SILENT[2]])] },
      problem: 'A1: call was visited where tell was due',
    },
    {
      damage: 'a flow that ends too soon',
      input: { walked: [flow('A1', ANSWERED.slice(0, 2))] },
      problem: 'A1: it ends after wait, satisfied where tell was due',
    },
    {
      damage: 'a flow that goes on behind its end',
      input: { walked: [flow('A1', [...ANSWERED, SILENT[2]])] },
      problem: 'A1: call was visited where the end was due',
    },
    {
      damage: 'a flow that has failed',
      input: { walked: [{ ...flow('A1', ANSWERED), failure: 'no bell' }] },
      problem: 'A1: failed, no bell',
    },
    {
      damage: 'nothing that had an effect',
      input: { walked: [], effects: [] },
      problem: 'no step with an effect was visited: nothing was shown',
    },
  ])('does not hold with $damage, and says so', ({ input, problem }) => {
    const verdict = proveFlows(counted(input));

    expect(verdict.holds).toBe(false);
    expect(verdict.problems).toContain(problem);
  });
});

describe('a flow that somebody watches', () => {
  it('has short waits, also where it names none or calls them by an old name, and keeps those that are shorter', () => {
    const { steps } = hurried({
      ...CART,
      steps: {
        wait: { node: 'wait_answer' },
        soon: { node: 'wait_answer', config: { timeout_seconds: 0.5 } },
        rest: { node: 'explicity_wait', config: { seconds: 86_400 } },
      },
    });

    expect(steps).toEqual({
      wait: { node: 'wait_answer', config: { timeout_seconds: 1 } },
      soon: { node: 'wait_answer', config: { timeout_seconds: 0.5 } },
      rest: { node: 'explicity_wait', config: { seconds: 0.3 } },
    });
  });

  it('calls nobody outside: its webhooks lose their URL, and nothing else', () => {
    const config = { url: 'https://shop.example/hooks', body: { kind: 'review' } };

    const { steps } = hurried({ ...CART, steps: { call: { node: 'webhook', config } } });

    expect(steps.call).toEqual({ node: 'webhook', config: { body: config.body } });
  });
});

/** What the demo leaves behind; each test damages one thing. */
function counted(input: Partial<FlowProofInput> = {}): FlowProofInput {
  return {
    definition: CART,
    walked: [flow('A1', ANSWERED), flow('A2', SILENT)],
    effects: [effect('A1', 'ask'), effect('A1', 'tell'), effect('A2', 'ask'), effect('A2', 'call')],
    ...input,
  };
}

function flow(
  cart: string,
  path: readonly (typeof ANSWERED | typeof SILENT)[number][],
): WalkedFlow {
  const visited = path.map(([step, event_type]) => ({
    step,
    node: CART.steps[step]?.node ?? '',
    visit: 1,
    event_type,
    completed_at: '2026-01-01T00:00:00.000Z',
  }));
  return { workflowId: `cart-${cart}`, cart, signals: [], visited };
}

function effect(cart: string, step: string) {
  return { key: stepKey(`cart-${cart}`, step, 1) };
}
