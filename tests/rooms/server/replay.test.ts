import { Worker } from '@temporalio/worker';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { bundleOf } from '#fixtures/workers/bundle-of';
import {
  createFees,
  createMemoryAccountStore,
  FEE_WORKFLOWS_PATH,
  type Fee,
  feeWorkerOptions,
} from '#systems/fees';
import type { Temporal } from '#testkit';
import { it } from '#testkit/vitest';

describe('the history of a paid fee', () => {
  it('is replayed by the code of today without a difference', async ({ temporal }) => {
    const { history, workflowId } = await paidFee(temporal);

    await expect(replay(history, workflowId)).resolves.toBeUndefined();
  });

  it('is refused by the replay when it tells of another activity', async ({ temporal }) => {
    const { history, workflowId } = await paidFee(temporal);
    const scheduled = history.events?.find((event) => event.activityTaskScheduledEventAttributes);
    const type = scheduled?.activityTaskScheduledEventAttributes?.activityType;
    if (type) type.name = 'deductFeeTwice';

    await expect(replay(history, workflowId)).rejects.toThrow('deductFeeTwice');
  });

  it('tells every later caller the time that the first one was told', async ({ temporal }) => {
    const { fees, fee, first } = await paidFee(temporal);

    const later = [await fees.start(fee), await fees.start(fee)];

    for (const run of later) expect(await run.result()).toEqual(first);
    expect(new Date(first.timestamp).toISOString(), 'an ISO time').toBe(first.timestamp);
    const state = await fees.state(fee.orderId);
    expect(state, 'its state').toMatchObject({ status: 'done', result: first });
  });
});

async function paidFee({ client, taskQueue, runWorker }: Temporal) {
  const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
  const accounts = createMemoryAccountStore({
    balancesCents: { alice: 100_00 },
    beforeDeducting: async () => {},
  });
  await using _worker = await runWorker(feeWorkerOptions({ accounts, taskQueue }));
  const fees = createFees({ client, taskQueue, accounts });
  const run = await fees.start(fee);
  const first = await run.result();
  const history = await client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
  return { fees, fee, first, history, workflowId: run.workflowId };
}

async function replay(history: Awaited<ReturnType<typeof paidFee>>['history'], workflowId: string) {
  const workflowBundle = await bundleOf(FEE_WORKFLOWS_PATH);
  return Worker.runReplayHistory({ workflowBundle }, history, workflowId);
}
