import type { FlowDefinition } from '#systems/flows';

/** What becomes of a flow. */
export interface Scenario {
  readonly definition: FlowDefinition;
  /** The step in whose effect its client answers: twice, under one ID. */
  readonly answeredAt?: string;
}

/** A step of each node, and each branch. The other company says no to `give_up` and to the first `review`. */
export const SCENARIOS = {
  'answered early': {
    definition: {
      name: 'early',
      version: '1',
      start_step: 'ask',
      steps: {
        ask: { node: 'send_message', go_to: 'listen' },
        listen: { node: 'wait_answer', condition: { satisfied: 'is_tea', timeout: 'remind' } },
        is_tea: {
          node: 'branch',
          config: { path: 'results.listen.output.payload.wants', equals: 'tea' },
          condition: { satisfied: 'tell', not_satisfied: 'remind' },
        },
        tell: { node: 'notify_creator', go_to: 'order_tea' },
        order_tea: { node: 'webhook' },
        remind: { node: 'send_message' },
      },
    },
    answeredAt: 'ask',
  },
  'answered late': {
    definition: {
      name: 'late',
      version: '1',
      start_step: 'listen',
      steps: {
        listen: {
          node: 'wait_answer',
          config: { timeout_seconds: 0.1 },
          condition: { satisfied: 'tell', timeout: 'give_up' },
        },
        tell: { node: 'notify_creator' },
        give_up: { node: 'webhook', condition: { satisfied: 'tell', not_satisfied: 'let_rest' } },
        let_rest: { node: 'explicit_wait', config: { seconds: 0.1 }, go_to: 'remind' },
        remind: { node: 'send_message' },
      },
    },
    answeredAt: 'remind',
  },
  'a loop': {
    definition: {
      name: 'loop',
      version: '1',
      start_step: 'ask',
      steps: {
        ask: { node: 'send_message', max_visits: 2, go_to: 'review' },
        review: { node: 'webhook', condition: { not_satisfied: 'ask' } },
      },
    },
  },
} satisfies Record<string, Scenario>;

/** The answer comes at once when the time is up, and not a step later. */
export const GIVEN_UP: Scenario = {
  definition: {
    name: 'given_up',
    version: '1',
    start_step: 'listen',
    steps: {
      listen: {
        node: 'wait_answer',
        config: { timeout_seconds: 0.1 },
        condition: { satisfied: 'tell', timeout: 'remind' },
      },
      tell: { node: 'notify_creator' },
      remind: { node: 'send_message' },
    },
  },
  answeredAt: 'remind',
};
