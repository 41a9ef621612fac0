import request from 'supertest';
import { createApp } from '#http';
import {
  createFlowRouter,
  type FlowDefinition,
  type FlowProgress,
  type FlowRequest,
  type FlowRouterOptions,
  type FlowState,
  type Flows,
  type FlowView,
} from '#systems/flows';

// What the routes make of each thing that a flow can come to. That flows do come to it is shown elsewhere, with the
// real workflow.

export const PROBLEM = 'urn:press-twice:problem:';
export const RUN_ID = '6f1a2b3c-0000-4000-8000-000000000001';

/** A flow that asks, and tells the creator of an answer. */
export const CART: FlowDefinition = {
  name: 'abandoned_cart',
  version: '1',
  start_step: 'ask',
  steps: {
    ask: { node: 'send_message', go_to: 'answer' },
    answer: { node: 'wait_answer', condition: { satisfied: 'tell' } },
    tell: { node: 'notify_creator' },
  },
};
export const ORDER_FLOW: FlowDefinition = {
  name: 'order_follow_up',
  version: '2',
  start_step: 'thank',
  steps: { thank: { node: 'send_message' } },
};

export const STATE: FlowState = {
  flow: CART.name,
  version: CART.version,
  definition_hash: 'digest of the definition',
  status: 'running',
  visited: [],
  visits: {},
  current: 'answer',
  waiting: { for: 'client-answered', deadline: '2026-01-01T00:01:00.000Z' },
  results: {},
  signals: [],
};

export function viewOf(status: FlowView['status'], more: Partial<FlowView> = {}): FlowView {
  return { workflowId: 'abandoned_cart-c1', runId: RUN_ID, status, flow: STATE, ...more };
}

/** A call that fails with this error. */
export function failing(error: Error): () => Promise<never> {
  return async () => {
    throw error;
  };
}

type Known = Partial<Omit<FlowRouterOptions, 'flows'>>;

/** The routes in front of flows of which only this is known. */
export function appOf(flows: Partial<Flows> = {}, known: Known = {}) {
  const unexpected = failing(new Error('Not expected in this test'));
  return createApp(
    createFlowRouter({
      flows: {
        start: unexpected,
        signal: unexpected,
        state: unexpected,
        nameOf: unexpected,
        ...flows,
      },
      catalog: new Map([CART, ORDER_FLOW].map((definition) => [definition.name, definition])),
      businessKeys: new Map([[ORDER_FLOW.name, 'order_id']]),
      ...known,
    }),
  );
}

/** Routes whose every start comes to this, and what they were asked to start. */
export function starting(outcome: 'started' | 'joined' | 'replayed' | Error = 'started') {
  const asked: FlowRequest[] = [];
  const told: FlowProgress[] = [];
  const start: Flows['start'] = async (flow) => {
    asked.push(flow);
    if (outcome instanceof Error) throw outcome;
    const result = failing(new Error('A start waits for no result'));
    return { outcome, workflowId: `north~${flow.name}`, runId: RUN_ID, result };
  };
  const app = appOf({ start }, { onProgress: (event) => void told.push(event) });
  return { app, asked, told };
}

export function post(
  app: ReturnType<typeof appOf>,
  path: string,
  body: string | object,
  headers: Record<string, string | string[]> = {},
) {
  return request(app)
    .post(path)
    .set({ 'Content-Type': 'application/json', ...headers } as Record<string, string>)
    .send(body);
}
