import type { Payload, PayloadCodec } from '@temporalio/common';
import { describe, expect } from 'vitest';
import { createShop, SHOP_WORKFLOWS } from '#fixtures/workers/explored-shop';
import { bundleForFaults, type ExploreOptions, ExploreOptionsError, explore } from '#testkit';
import { it } from '#testkit/vitest';

const shop = createShop();

describe('an explorer that cannot do what it is asked for', () => {
  it.for<readonly [string, Partial<Record<keyof ExploreOptions<string>, unknown>>, string]>([
    ['`observe` is missing', { observe: undefined }, '`observe` is missing'],
    ['no scenario', { scenarios: {} }, '`scenarios` is empty'],
    ['an unknown window', { windows: ['full moon'] }, 'No window "full moon": there are "before'],
    ['nothing at once', { concurrency: 0 }, '`concurrency` has to be 1 or more'],
    ['a sample of nothing', { sample: 0 }, '`sample` has to be 1 or more'],
    ['a process and no module', { windows: 'processes' }, '`workerModule` has to be the URL'],
    [
      'no workflows',
      { worker: () => ({ activities: {} }) },
      '`worker` gives no workflows: its options need a `workflowsPath`',
    ],
    [
      'a bundle without interceptors',
      { worker: () => ({ workflowBundle: { code: 'plain' } }) },
      'build it with `bundleForFaults`',
    ],
  ])('says so at once: %s', async ([, wrong, message], { temporal }) => {
    const options = { temporal, scenarios: { order: 'FiveStepsWorkflow' }, ...shop, ...wrong };

    const error = await explore(options as ExploreOptions<string>).catch((caught) => caught);

    expect(error).toBeInstanceOf(ExploreOptionsError);
    expect(error.message).toContain(message);
  });

  it.for<readonly [string, Partial<ExploreOptions<string>>, string, string]>([
    [
      'a workflow that its worker does not know',
      { scenarios: { order: 'NoSuchWorkflow' } },
      'ScenarioFailedError',
      `Scenario "order", without a fault: Failed to initialize workflow of type 'NoSuchWorkflow'`,
    ],
    [
      'an activity that its worker does not know',
      { scenarios: { order: 'UnknownActivityWorkflow' } },
      'ScenarioFailedError',
      'Activity function refund is not registered on this Worker',
    ],
    [
      'a start that throws',
      { start: () => Promise.reject(new Error('No shop today')) },
      'ScenarioFailedError',
      'Scenario "order", without a fault: client 1 was refused: No shop today',
    ],
    [
      'a start that gives no run',
      {
        start: async (asked) => (await (await shop.start(asked)).result()) as never,
      },
      'ScenarioFailedError',
      '`start` has to resolve to its run, { workflowId }, such as a handle',
    ],
    [
      'a run that no worker of the explorer sees',
      { start: (asked) => shop.start({ ...asked, taskQueue: 'elsewhere' }), cellWithinMs: 500 },
      'ScenarioFailedError',
      'no worker of the explorer has seen its workflow',
    ],
    [
      'an `observe` that throws',
      { observe: () => Promise.reject(new Error('No ledger')) },
      'ObserveFailedError',
      '`observe` failed: No ledger',
    ],
    [
      'an `observe` that tells no steps',
      // As a database may count.
      { observe: () => [{ step: 'charge', count: -1n as unknown as number }] },
      'ObserveFailedError',
      `has to give a list of { step, count }, not [ { step: 'charge', count: -1n } ]`,
    ],
  ])('says what is wrong with %s', async ([, wrong, name, message], { temporal }) => {
    const scenarios = { order: 'FiveStepsWorkflow' };
    const windows = ['before the effect'] as const;

    const error = await explore({ temporal, scenarios, windows, ...shop, ...wrong }).catch(
      (caught) => caught,
    );

    expect(error).toMatchObject({ name, message: expect.stringContaining(message) });
  });
});

describe('an explorer that fails half-way', () => {
  it('leaves no run open', async ({ temporal }) => {
    const started: string[] = [];
    let looks = 0;

    const exploring = explore({
      temporal,
      scenarios: { order: 'FiveStepsWorkflow' },
      ...shop,
      async start(asked) {
        const handle = await shop.start(asked);
        started.push(handle.workflowId);
        return handle;
      },
      observe() {
        looks += 1;
        if (looks > 3) throw new Error('No ledger any more');
        return [{ step: 'charge', count: 1 }];
      },
    });

    await expect(exploring).rejects.toThrow('`observe` failed: No ledger any more');
    const runs = await Promise.all(
      started.map((workflowId) => temporal.client.workflow.getHandle(workflowId).describe()),
    );
    const open = runs.filter(({ status }) => status.name === 'RUNNING');
    expect(open, 'runs that are left open').toEqual([]);
    expect(runs.length, 'runs').toBeGreaterThan(3);
  });
});

describe('a start whose answer is lost', () => {
  it('leaves no run open, although no worker has seen it', async ({ temporal }) => {
    const started: string[] = [];

    const exploring = explore({
      temporal,
      scenarios: { order: 'FiveStepsWorkflow' },
      ...shop,
      async start(asked) {
        const { workflowId } = await shop.start({ ...asked, taskQueue: 'elsewhere' });
        started.push(workflowId);
        throw new Error('Connection lost');
      },
    });

    await expect(exploring).rejects.toThrow('client 1 was refused: Connection lost');
    const [workflowId = ''] = started;
    const { status } = await temporal.client.workflow.getHandle(workflowId).describe();
    expect(status.name).toBe('TERMINATED');
  });
});

describe('a worker with a bundle of its own, and a codec', () => {
  it('is explored if the bundle was built for faults', async ({ temporal }) => {
    const workflowBundle = await bundleForFaults({ workflowsPath: SHOP_WORKFLOWS });
    const { start, observe, worker } = createShop({ unguarded: ['charge'], has: ['charge'] });

    const table = await explore({
      temporal,
      scenarios: { order: 'LocalWorkflow' },
      start,
      observe,
      worker: ({ taskQueue }) => ({
        ...worker({ taskQueue }),
        workflowBundle,
        dataConverter: { payloadCodecs: [MIRRORING] },
      }),
      windows: ['after the effect'],
    });

    expect(table.rows[0]?.cells.map(({ outcome }) => outcome)).toEqual(['many (2)']);
  });
});

/** Who lacks it understands nothing. */
const MIRRORING: PayloadCodec = { encode: mirrored, decode: mirrored };

async function mirrored(payloads: Payload[]): Promise<Payload[]> {
  return payloads.map(({ data, ...rest }) => ({ ...rest, data: data?.toReversed() ?? null }));
}
