import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openFlows } from '#fixtures/flows/house';
import { RESERVED_NAMES } from '#server';
import { feeBatchWorkflowId, feeWorkflowId } from '#systems/fees';
import { dueWorkflowId, FlowNotOpenError, flowScheduleId, webhookHosts } from '#systems/flows';
import { inventoryWorkflowId } from '#systems/inventory';
import { orderWorkflowId, paymentWorkflowId } from '#systems/orders';
import { batchId, paymentWorkflowId as scriptWorkflowId } from '#systems/superscript';
import { it } from '#testkit/vitest';
import { appOf, CART, PROBLEM, post } from './http-routes.ts';

describe('the names of other systems, and of schedules', () => {
  it('are all reserved', () => {
    const names = [
      feeWorkflowId('A12'),
      feeBatchWorkflowId('digest'),
      inventoryWorkflowId('A12'),
      orderWorkflowId('A12'),
      paymentWorkflowId('A12'),
      scriptWorkflowId('A12'),
      batchId('2026-01-01', 'digest'),
      dueWorkflowId(flowScheduleId('report', 'daily')),
    ];

    const isReserved = (name: string) => RESERVED_NAMES.some((prefix) => name.startsWith(prefix));
    expect(names.filter((name) => !isReserved(name))).toEqual([]);
  });

  it.each([
    ['by its workflow_id', { workflow_id: 'order-A12' }],
    ['by its own name', { definition: { ...CART, name: 'order' }, input: { cart_id: 'A12' } }],
  ])('are taken by no flow, %s', async (_how, body) => {
    // Its `start` is not expected: one that is called is a 500.
    const answer = await post(appOf({}, { reserved: ['order-'] }), '/start-workflow', body);

    expect(answer.status).toBe(422);
    expect(answer.body.type).toBe(`${PROBLEM}reserved-name`);
  });
});

describe('the run of another system', () => {
  it('is no flow: nothing is told of it, and no signal comes into its history', async ({
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    await using house = await openFlows(temporal);
    const workflowId = orderWorkflowId(uuid());
    const order = await client.workflow.start('CreateOrderWorkflow', {
      workflowId,
      taskQueue: `${taskQueue}-of-orders`,
    });

    const signal = house.flows.signal(workflowId, 'client-answered', { signal_id: 's-1' });

    await expect(signal).rejects.toThrow(FlowNotOpenError);
    expect(await house.flows.state(workflowId)).toBeUndefined();
    expect(await house.flows.nameOf(order.firstExecutionRunId)).toBeUndefined();
    const history = await temporal.history(workflowId);
    expect(history.filter((event) => event.includes('Signal'))).toEqual([]);
    await order.terminate();
  });
});

describe('a definition whose webhook goes to a host that nobody has listed', () => {
  const definition = {
    ...CART,
    steps: { ask: { node: 'webhook', config: { url: 'http://10.1.2.3/secrets' } } },
  };

  it('is refused before the start, with the place', async () => {
    const allowsWebhook = webhookHosts({ hosts: ['hooks.example'] });

    const { status, body } = await post(appOf({}, { allowsWebhook }), '/start-workflow', {
      definition,
    });

    expect({ status, type: body.type }).toEqual({ status: 422, type: `${PROBLEM}invalid-flow` });
    expect(body.problems).toEqual([
      {
        message:
          "bad config in step 'ask' (node 'webhook'): 10.1.2.3 is not a host that webhooks go to",
        path: ['steps', 'ask', 'config', 'url'],
      },
    ]);
  });

  it('is started where it is listed', async () => {
    const { status } = await post(
      appOf(
        { start: async () => ({ ...STARTED, result: async () => Promise.reject(new Error('')) }) },
        { allowsWebhook: webhookHosts({ hosts: ['10.1.2.3'] }) },
      ),
      '/start-workflow',
      { definition },
    );

    expect(status).toBe(200);
  });
});

const STARTED = { outcome: 'started', workflowId: 'abandoned_cart-1', runId: 'run' } as const;
