import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { checkFlow, type FlowView } from '#systems/flows';
import { RunFailedError, TemporalUnavailableError } from '#temporal';
import { appOf, CART, failing, ORDER_FLOW, PROBLEM, RUN_ID, STATE, viewOf } from './http-routes.ts';

const RESULT: NonNullable<FlowView['result']> = {
  flow: CART.name,
  version: CART.version,
  definition_hash: STATE.definition_hash,
  visited: [],
  results: {},
};

describe('GET /workflow-status/:id', () => {
  const show = (view: FlowView | undefined, id = 'abandoned_cart-c1') =>
    request(appOf({ state: async () => view })).get(`/workflow-status/${id}`);
  const names = { workflow_id: 'abandoned_cart-c1', run_id: RUN_ID };

  it.each<[string, FlowView, object]>([
    ['its state while it runs', viewOf('running'), { status: 'running', flow: STATE }],
    [
      'no state where no worker tells it',
      viewOf('running', { flow: undefined }),
      { status: 'running' },
    ],
    [
      'its result when it is done',
      viewOf('done', { result: RESULT }),
      { status: 'done', flow: STATE, result: RESULT },
    ],
  ])('tells the run of a flow, and %s', async (_what, view, told) => {
    const { status, body } = await show(view);

    expect({ status, body }).toEqual({ status: 200, body: { ...names, ...told } });
  });

  const flaws = [{ message: 'start step is empty', path: ['start_step'] }];
  it.each<[string, RunFailedError, number, string]>([
    ['terminated', new RunFailedError('terminated', 'by ann at 10.1.2.3'), 409, 'flow-not-settled'],
    ['a webhook', new RunFailedError('WebhookUrlError', 'no 10.1.2.3'), 409, 'flow-not-settled'],
    ['a loop', new RunFailedError('TooManyVisitsError', 'Step one …'), 409, 'too-many-visits'],
    [
      'flaws',
      new RunFailedError('InvalidFlowError', 'Bad', { details: [flaws] }),
      422,
      'invalid-flow',
    ],
  ])(
    'tells the problem of one that was ended by %s, and no host',
    async (_what, error, status, type) => {
      const { body, text } = await show(viewOf('failed', { error }));

      expect(body).toMatchObject({
        ...names,
        status: 'failed',
        problem: { status, type: `${PROBLEM}${type}` },
      });
      expect(text).not.toContain('10.1.2.3');
      expect(body.problem.problems).toEqual(type === 'invalid-flow' ? flaws : undefined);
    },
  );

  it.each([
    ['a flow that nobody has started', 'abandoned_cart-c1', 404, 'unknown-workflow'],
    ['no ID', '', 400, 'bad-workflow-id'],
    ['a flow of another tenant', 'north~abandoned_cart-c1', 400, 'bad-workflow-id'],
    ['an ID with a slash', 'a/b', 400, 'bad-workflow-id'],
  ])('tells nothing of %s', async (_what, id, status, type) => {
    const { status: told, body } = await show(undefined, id);

    expect({ status: told, type: body.type }).toEqual({ status, type: `${PROBLEM}${type}` });
  });

  it('answers 503 while Temporal is away', async () => {
    const app = appOf({ state: failing(new TemporalUnavailableError()) });

    const { status, headers } = await request(app).get('/workflow-status/abandoned_cart-c1');

    expect(status).toBe(503);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });
});

describe('GET /nodes', () => {
  it('tells each node, its aliases, its phases, and what its config may be', async () => {
    const { body } = await request(appOf()).get('/nodes');

    const phases = Object.fromEntries(
      body.nodes.map((node: { name: string; phases: string[] }) => [node.name, node.phases.join()]),
    );
    expect(phases).toEqual({
      branch: 'wait',
      explicit_wait: 'wait',
      notify_creator: 'wait,effect',
      send_message: 'effect',
      wait_answer: 'wait',
      webhook: 'effect',
    });
    expect(body.nodes).toContainEqual({
      name: 'explicit_wait',
      aliases: ['explicity_wait'],
      phases: ['wait'],
      config: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: { seconds: { type: 'number', minimum: 0, maximum: 30 * 86_400, default: 15 } },
        additionalProperties: false,
      },
    });
  });
});

describe('GET /flows', () => {
  it('tells each flow of the catalog, what it is about, and a definition that can be sent back', async () => {
    const { body } = await request(appOf()).get('/flows');

    expect(body.flows).toEqual([
      { name: CART.name, version: '1', business_key: 'cart_id', definition: CART },
      { name: ORDER_FLOW.name, version: '2', business_key: 'order_id', definition: ORDER_FLOW },
    ]);
    for (const { definition } of body.flows) expect(checkFlow(definition).flaws).toEqual([]);
  });
});

describe('the routes of flows', () => {
  it.each([
    ['get', '/start-workflow', 'POST'],
    ['get', '/send-signal', 'POST'],
    ['post', '/workflow-status/w1', 'GET, HEAD'],
    ['delete', '/nodes', 'GET, HEAD'],
    ['put', '/flows', 'GET, HEAD'],
  ] as const)('answer %s %s with what is possible: %s', async (method, path, allowed) => {
    const { status, headers } = await request(appOf())[method](path);

    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: allowed });
  });
});
