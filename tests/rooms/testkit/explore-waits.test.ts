import type { Client } from '@temporalio/client';
import { describe, expect } from 'vitest';
import { createShop } from '#fixtures/workers/explored-shop';
import { type ExploredTable, explore, type Temporal, type Window } from '#testkit';
import { it } from '#testkit/vitest';

describe('the world of a trial', () => {
  it('is looked at when the children that outlive their parent have closed', async ({
    temporal,
  }) => {
    const table = await explore({
      temporal,
      scenarios: { order: 'AbandoningWorkflow' },
      ...createShop({ unguarded: ['ship'], has: ['ship'] }),
      windows: ['before the effect', 'after the effect'],
    });

    expect(table.baselines[0]?.steps, 'effects without a fault').toEqual({ parcel: 1 });
    expect(outcomesOf(table, 'ParcelWorkflow/ship')).toEqual([
      ['before the effect', 'one'],
      ['after the effect', 'many (2)'],
    ]);
  });

  it('is not waited for any longer than the trial lasts, and no child is left open', async ({
    temporal,
  }) => {
    const shop = createShop({ has: ['charge'] });
    const parents: string[] = [];

    const table = await explore({
      temporal,
      scenarios: { order: 'AdriftWorkflow' },
      ...shop,
      async start(asked) {
        const handle = await shop.start(asked);
        parents.push(handle.workflowId);
        return handle;
      },
      windows: ['before the effect'],
      cellWithinMs: 1_000,
    });

    expect(table.baselines.map(({ ending }) => ending)).toEqual(['stuck']);
    const children = parents.map((workflowId) => `${workflowId}/endless`);
    const states = children.map((workflowId) => stateOf(temporal.client, workflowId));
    expect(await Promise.all(states)).toEqual(['TERMINATED']);
  });

  it('is looked at when a run has closed that was started by who then threw', async ({
    temporal,
  }) => {
    const windows = ['asked again meanwhile', 'asked again after the close'] as const;
    const shop = createShop({ unguarded: ['charge'], has: ['charge'] });
    const asks = new Map<string, number>();

    const table = await explore({
      temporal,
      scenarios: { order: 'OneAttemptWorkflow' },
      windows,
      ...shop,
      async start({ client, taskQueue, key, scenario }) {
        const ask = (asks.get(key) ?? 0) + 1;
        asks.set(key, ask);
        const handle = await client.workflow.start(scenario, {
          workflowId: `shop-${key}-${ask}`,
          workflowExecutionTimeout: '1 minute',
          // No worker has seen it yet when the answer is lost.
          ...(ask === 2 && { startDelay: '300 milliseconds' }),
          taskQueue,
          args: [{ key }],
        });
        if (ask === 2) throw new Error('Connection lost');
        return handle;
      },
    });

    const expected = windows.map((window) => [window, 'many (2)']);
    expect(outcomesOf(table, 'charge')).toEqual(expected);
  });
});

describe('a fault that was planted and did not happen', () => {
  it('is no fault where no later attempt ran on another worker than the one that went', async ({
    temporal,
  }) => {
    const table = await explore({
      temporal,
      scenarios: { order: 'ImpatientWorkflow' },
      ...createShop({ forgetful: ['charge'], slow: ['charge'], has: ['charge'] }),
      windows: ['worker gone'],
    });

    expect(outcomesOf(table, 'charge')).toEqual([['worker gone', 'no fault']]);
    expect(cellsOf(table, 'charge')[0]?.says).toContain(
      'no later attempt ran on another worker than worker 1, so this shows nothing',
    );
  });

  it('is no fault where the server refuses to reset the run, and the cell tells why', async ({
    temporal,
  }) => {
    const table = await explore({
      temporal: withoutLeaveToReset(temporal),
      scenarios: { order: 'FiveStepsWorkflow' },
      ...createShop({ unguarded: ['charge'] }),
      windows: ['reset'],
    });

    expect(outcomesOf(table, 'charge')).toEqual([['reset', 'no fault']]);
    expect(cellsOf(table, 'charge')[0]?.says).toContain(
      'the run was not reset: Request unauthorized, so this shows nothing',
    );
  });
});

describe('workflows that are bundled with options that nobody can compare', () => {
  it('are bundled afresh for a worker, and for the explorer', async ({ temporal }) => {
    const shop = createShop();
    const { taskQueue } = temporal;
    const options = { ...shop.worker({ taskQueue }), bundlerOptions: { webpackConfigHook } };
    const scenarios = { order: 'FiveStepsWorkflow' };

    await expect(temporal.runWorker(options)).rejects.toThrow('bundled afresh');
    await expect(explore({ temporal, scenarios, ...shop, worker: () => options })).rejects.toThrow(
      'bundled afresh',
    );
  });
});

function webpackConfigHook(): never {
  throw new Error('bundled afresh');
}

function cellsOf({ rows }: ExploredTable, activity: string) {
  return rows.find((row) => row.activity === activity)?.cells ?? [];
}

function outcomesOf(table: ExploredTable, activity: string): readonly [Window, string][] {
  return cellsOf(table, activity).map(({ window, outcome }) => [window, outcome]);
}

async function stateOf({ workflow }: Client, workflowId: string): Promise<string> {
  return (await workflow.getHandle(workflowId).describe()).status.name;
}

/** As for a user whose role lacks it. */
function withoutLeaveToReset(temporal: Temporal): Temporal {
  const { connection } = temporal.client;
  const workflowService = Object.create(connection.workflowService, {
    resetWorkflowExecution: {
      value: async () => {
        throw Object.assign(new Error('7 PERMISSION_DENIED'), { details: 'Request unauthorized' });
      },
    },
  });
  const refusing = Object.create(connection, { workflowService: { value: workflowService } });
  const client = Object.create(temporal.client, { connection: { value: refusing } });
  return { ...temporal, client };
}
