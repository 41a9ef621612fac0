import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { loadConfig } from '#config';
import { SEARCH_ATTRIBUTES } from '#server';
import { createFees, createMemoryAccountStore, feeWorkerOptions } from '#systems/fees';
import { createBarrier, holdActivityUntilOpen, startRestartableServer } from '#testkit';
import { it } from '#testkit/vitest';

describe('a server that is killed and started again', () => {
  it('finishes what it has acknowledged, with the client and the worker that were there before', async ({
    recorder,
  }) => {
    await using temporal = await startRestartableServer({
      config: loadConfig(),
      settings: 'brisk',
      searchAttributes: SEARCH_ATTRIBUTES,
      onProgress: () => {},
    });
    const { client, taskQueue } = temporal;
    const isPaying = createBarrier(1);
    const isRestarted = createBarrier(1);
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: async () => {
        await isPaying.arrive();
        await holdActivityUntilOpen(isRestarted);
      },
    });
    await using _worker = await temporal.runWorker(feeWorkerOptions({ accounts, taskQueue }), {
      recorder,
    });
    const fees = createFees({ client, taskQueue, accounts });
    const fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const { workflowId, runId } = await fees.start(fee);
    await isPaying.opened;

    await temporal.restart();
    expect(new Set(temporal.serverPids).size, 'servers, one after the other').toBe(2);
    await isRestarted.arrive();

    const again = await fees.start(fee);
    const answer = await again.result();
    expect(again, 'the run after the restart').toMatchObject({ workflowId, runId });
    expect(answer).toMatchObject({ success: true, new_balance: 100 - 10 });
    expect(await accounts.effects()).toHaveOneEffect(fee.orderId);
    expect(await temporal.attempts(workflowId)).toEqual([{ activity: 'deductFee', attempts: 1 }]);
  });
});
