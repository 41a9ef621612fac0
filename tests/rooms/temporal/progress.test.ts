import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { IntentMismatchError } from '#idempotency';
import type { FeeDeductionWorkflow } from '#systems/fees';
import { reportStart, type StartProgress, startOrJoin } from '#temporal';
import { it } from '#testkit/vitest';

describe('a start that is reported', () => {
  it('tells the run that it got, or the ID that is taken, and keeps neither from its caller', async ({
    temporal: { client, taskQueue },
  }) => {
    const workflowId = uuid();
    const told: StartProgress[] = [];
    const ask = (amount: number) => {
      const args: Parameters<typeof FeeDeductionWorkflow> = [
        { order_id: 'A12', account_id: 'alice', amount },
      ];
      const options = { workflowId, taskQueue, args };
      const starting = startOrJoin<typeof FeeDeductionWorkflow>(
        client,
        'FeeDeductionWorkflow',
        options,
      );
      return reportStart(starting, (progress) => told.push(progress));
    };

    const { runId } = await ask(10);
    const second = await ask(10);
    await expect(ask(99)).rejects.toThrow(IntentMismatchError);

    expect(second, 'what the second caller got').toMatchObject({ outcome: 'joined', runId });
    expect(told).toEqual([
      { event: 'run', outcome: 'started', workflowId, runId },
      { event: 'run', outcome: 'joined', workflowId, runId },
      { event: 'refused', outcome: 'mismatch', workflowId },
    ]);
  });

  it('tells nothing of a server that is away: nobody knows what the start came to', async () => {
    const told: StartProgress[] = [];
    const away = new Error('The server is away');

    const starting = reportStart(Promise.reject(away), (progress) => told.push(progress));

    await expect(starting).rejects.toBe(away);
    expect(told).toEqual([]);
  });
});
