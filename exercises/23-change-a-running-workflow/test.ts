import { v4 as uuid } from 'uuid';
import { describe, vi } from 'vitest';
import { it } from '#exercises';

describe('code that changes while runs are under way', () => {
  it('carries on what yesterday has begun, and does today’s work', async ({
    bank,
    claim,
    recorder,
    runWorker,
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    const activities = {
      audit: async () => {},
      deductFee: async (key: string) => void (await bank.post('shop', -10, { key })),
      ship: async () => {},
    };
    bank.open('shop', 100);
    const start = (orderId: string) =>
      client.workflow.start('PayOrder', {
        workflowId: `pay-${orderId}`,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        taskQueue,
        args: [orderId],
      });
    // A workflow task that fails is tried for ever, so nobody may wait for a result.
    const untilOneOf = (workflowId: string, ...wanted: string[]) =>
      vi.waitFor(async () => {
        const last = (await temporal.history(workflowId)).findLast((one) => wanted.includes(one));
        if (last === undefined) throw new Error(`"${workflowId}" has none of ${wanted.join(', ')}`);
        return last;
      }, PATIENCE);
    const [open, closed, fresh] = [uuid(), uuid(), uuid()];

    {
      await using _yesterday = await runWorker({
        workflows: 'shared/yesterday.ts',
        activities,
        maxCachedWorkflows: 0,
      });
      const done = await start(closed);
      await done.signal('packed');
      await done.result();
      await start(open);
      // A worker that ends in the middle of a task would leave it to its timeout.
      await vi.waitFor(async () => {
        const events = await temporal.history(`pay-${open}`);
        const hasPaid = events.includes('ActivityTaskCompleted');
        if (!hasPaid || events.at(-1) !== 'WorkflowTaskCompleted') throw new Error('It works');
      }, PATIENCE);
    }
    await using _today = await runWorker({
      workflows: 'workflows.ts',
      activities,
      leaveStuck: true,
      workflowFailureErrorTypes: { '*': [] },
    });
    const pack = async (orderId: string) => {
      const handle = client.workflow.getHandle(`pay-${orderId}`);
      await handle.signal('packed');
      const end = await untilOneOf(handle.workflowId, ...Object.keys(ENDS));
      return { outcome: ENDS[end] ?? end };
    };
    // A question to a run that is over is answered by a replay of its history.
    const asked = await client.workflow
      .getHandle(`pay-${closed}`)
      .query('__stack_trace')
      .then(() => 'replays')
      .catch((error: Error) =>
        /Nondeterminism/.test(error.message) ? 'not the same' : error.name,
      );
    const waiting = await recorder.request('yesterday’s order', () => pack(open));
    await start(fresh);
    await recorder.request('today’s order', () => pack(fresh));
    await start(closed);
    await recorder.request('yesterday’s order again', () => pack(closed));

    const [first] = await temporal.attempts(`pay-${fresh}`);
    claim('OLD-RUN-FINISHES', 'the order that waited is shipped', waiting.outcome, 'completed');
    claim('OLD-HISTORY-REPLAYS', 'the order that was shipped can be looked at', asked, 'replays');
    claim('NEW-RUNS-AUDIT-FIRST', 'a new order begins with its audit', first?.activity, 'audit');
    claim('ONE-FEE-EACH', 'three orders, one of them twice, leave 70', bank.balance('shop'), 70);
  });
});

const PATIENCE = { timeout: 10_000, interval: 20 };
const ENDS: Readonly<Record<string, string>> = {
  WorkflowExecutionCompleted: 'completed',
  WorkflowExecutionFailed: 'failed',
  WorkflowTaskFailed: 'stuck',
};
