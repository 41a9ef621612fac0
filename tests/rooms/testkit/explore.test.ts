import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { createShop } from '#fixtures/workers/explored-shop';
import { type ExploredTable, explore, format, type Temporal, type Window } from '#testkit';
import { toHaveOneEffectEverywhere } from '#testkit/matchers';
import { it } from '#testkit/vitest';

describe('five steps of which one is unguarded', () => {
  it('light up that row alone, where the effect had happened before the fault', async ({
    temporal,
  }) => {
    const scenarios = { order: 'FiveStepsWorkflow' };
    const shop = createShop({ unguarded: ['pack'] });

    const table = await explore({ temporal, scenarios, ...shop });

    expect(format(table)).toBe(FIVE_STEPS);
    expect(table.baselines[0]?.steps, 'effects without a fault').toEqual({
      reserve: 1,
      charge: 1,
      pack: 1,
      ship: 1,
      notify: 1,
    });
    expect(trialsOf(table, 'reset'), 'a trial for each step').toBe(5);
    expect(trialsOf(table, 'evicted'), 'one for the whole run').toBe(1);
    expect(trialsOf(table, 'asked again after the close'), 'one for the whole run').toBe(1);
    const broken = table.rows.flatMap(({ cells }) =>
      cells.filter((cell) => cell.outcome !== 'one'),
    );
    for (const { evidence } of broken) {
      const own = evidence.attempts.filter(({ activity }) => activity === 'pack');
      expect(own.length, 'attempts of the step that was struck').toBe(2);
      expect(evidence.after, 'the world after it').toMatchObject({ pack: 2, ship: 1 });
    }
    expect(() => expect(table).toHaveOneEffectEverywhere()).toThrow(
      'order / pack / after the effect: many (2). attempts: 1 failed, 2 completed; pack: 2 instead of 1',
    );
  });

  it('are told alike whatever the order of the trials', async ({ temporal }) => {
    const tables: ExploredTable[] = [];
    for (const seed of [1, 2]) {
      tables.push(
        await explore({
          temporal,
          scenarios: { order: 'FiveStepsWorkflow' },
          ...createShop({ unguarded: ['pack'] }),
          windows: ['after the effect'],
          seed,
        }),
      );
    }

    const [one, other] = tables as [ExploredTable, ExploredTable];
    expect(format(one)).toBe(format(other));
    expect(asTheyRan(one), 'the order of the trials').not.toEqual(asTheyRan(other));
  });
});

const FIVE_STEPS = `
                before  after     zombie    worker    evicted  asked      asked  reset
                the     the                 gone               again      again
                effect  effect                                 meanwhile  after
                                                                          the
                                                                          close
order  reserve  one     one       one       one       one      one        one    one
order  charge   one     one       one       one       one      one        one    one
order  pack     one     many (2)  many (2)  many (2)  one      one        one    many (2)
order  ship     one     one       one       one       one      one        one    one
order  notify   one     one       one       one       one      one        one    one
`.slice(1, -1);

describe('a guard that lives in the memory of its worker', () => {
  it('fails when the worker is gone, and in no other window', async ({ temporal }) => {
    const table = await explore({
      temporal,
      scenarios: { order: 'TwoItemsWorkflow' },
      ...createShop({ forgetful: ['charge'], has: ['charge'] }),
      windows: ['after the effect', 'worker gone', 'evicted', 'reset'],
    });

    // The second call is made by the run that the first one was continued as.
    for (const call of ['charge', 'charge #2']) {
      expect({ call, ...outcomes(table, 'order', call) }).toEqual({
        call,
        'after the effect': 'one',
        'worker gone': 'many (2)',
        evicted: 'one',
        reset: 'one',
      });
      const { attempts } = cellOf(table, 'order', call, 'worker gone').evidence;
      const own = attempts.filter(({ activity }) => activity === call);
      expect(own.map(({ worker }) => worker)).toEqual(['worker 1', 'worker 2']);
    }
  });
});

describe('the explorer', () => {
  it('strikes each child by itself, and an attempt that is tried once', async ({ temporal }) => {
    const table = await explore({
      temporal,
      scenarios: { family: 'FamilyWorkflow', once: 'OneAttemptWorkflow' },
      ...createShop({ unguarded: ['ship'], has: ['ship', 'charge'] }),
      windows: ['before the effect', 'after the effect', 'reset'],
    });

    for (const ship of ['ParcelWorkflow/ship', 'ParcelWorkflow #2/ship']) {
      expect({ ship, ...outcomes(table, 'family', ship) }).toEqual({
        ship,
        'before the effect': 'one',
        'after the effect': 'many (2)',
        reset: 'many (2)',
      });
    }
    expect(outcomes(table, 'once', 'charge'), 'a run that fails with its only attempt').toEqual({
      'before the effect': 'none',
      'after the effect': 'other',
      reset: 'one',
    });
  });

  it('leaves out windows that do not apply to a local activity, and names what never ran', async ({
    temporal,
  }) => {
    const scenarios = { order: 'LocalWorkflow' };

    const table = await explore({ temporal, scenarios, ...createShop() });

    expect(outcomes(table, 'order', 'charge')).toEqual({
      'before the effect': 'one',
      'after the effect': 'one',
      'asked again meanwhile': 'one',
      'asked again after the close': 'one',
    });
    expect(format(table)).toContain('-  does not apply to a local activity');
    expect(table.neverRun).toEqual(['reserve', 'pack', 'ship', 'notify']);
    expect(toHaveOneEffectEverywhere(table).pass, 'with activities that never ran').toBe(false);
    expect(toHaveOneEffectEverywhere(table).message()).toContain('notify: never run');
  });

  it('takes a refusal of the second request for an answer, and two runs for what they are', async ({
    temporal,
  }) => {
    const windows = ['asked again meanwhile', 'asked again after the close'] as const;
    const scenarios = { order: 'OneAttemptWorkflow' };
    const shop = createShop({ unguarded: ['charge'], has: ['charge'] });
    const start = (workflowId: (key: string) => string) => async (asked: Asked) =>
      await asked.client.workflow.start(asked.scenario, {
        workflowId: workflowId(asked.key),
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowExecutionTimeout: '1 minute',
        taskQueue: asked.taskQueue,
        args: [{ key: asked.key }],
      });
    const refusing = { ...shop, start: start((key) => `shop-${key}`) };
    const forgetting = { ...shop, start: start(() => `shop-${uuid()}`) };

    const refused = await explore({ temporal, scenarios, windows, ...refusing });
    const doubled = await explore({ temporal, scenarios, windows, ...forgetting });

    for (const window of windows) {
      const { outcome, evidence } = cellOf(refused, 'order', 'charge', window);
      expect(outcome).toBe('one');
      expect(evidence.requests.map((request) => request.outcome)).toEqual([
        'answered',
        'WorkflowExecutionAlreadyStartedError',
      ]);
      expect(cellOf(doubled, 'order', 'charge', window).outcome).toBe('many (2)');
    }
  });

  it('finds the trial of a system with a client of its own by the key in its workflow ID', async ({
    temporal,
  }) => {
    const shop = createShop({ has: ['charge'] });

    const table = await explore({
      temporal,
      scenarios: { order: 'OneAttemptWorkflow' },
      ...shop,
      start: (asked) => shop.start({ ...asked, client: temporal.client }),
      windows: ['asked again meanwhile'],
    });

    expect(table).toHaveOneEffectEverywhere();
    expect(cellOf(table, 'order', 'charge', 'asked again meanwhile').says).toContain('client 2');
  });

  it('never counts a cell whose run went another way', async ({ temporal }) => {
    const shop = createShop({ has: ['reserve', 'charge', 'pack', 'ship', 'notify'] });
    const types = ['FiveStepsWorkflow'];

    const table = await explore({
      temporal,
      scenarios: { order: '' },
      ...shop,
      start: (asked) => shop.start({ ...asked, scenario: types.pop() ?? 'OneAttemptWorkflow' }),
      windows: ['before the effect'],
    });

    expect(cellOf(table, 'order', 'reserve', 'before the effect').outcome).toBe('no fault');
    expect(toHaveOneEffectEverywhere(table).message()).toContain(
      'order / reserve / before the effect: no fault. the run went another way, so this shows nothing',
    );
  });
});

describe('a run that never ends', () => {
  it('is stuck in bounded time, after a fault or without one, and is not left open', async ({
    temporal,
  }) => {
    const shop = createShop({ has: ['charge'] });
    const started: string[] = [];

    const table = await explore({
      temporal,
      scenarios: { offended: 'OffendedWorkflow', endless: 'EndlessWorkflow' },
      ...shop,
      async start(asked) {
        const handle = await shop.start(asked);
        started.push(handle.workflowId);
        return handle;
      },
      windows: ['before the effect'],
      cellWithinMs: 1_500,
    });

    expect(outcomes(table, 'offended', 'charge')).toEqual({ 'before the effect': 'stuck' });
    expect(table.baselines.map(({ ending }) => ending)).toEqual(['completed', 'stuck']);
    expect(outcomes(table, 'endless', 'charge'), 'trials of what never ends').toEqual({});
    const message = toHaveOneEffectEverywhere(table).message();
    expect(message).toContain('endless: stuck without a fault. No attempt has failed');
    expect(message).toContain('offended / charge / before the effect: stuck. attempts: 1 failed');
    expect(await open(temporal, started), 'runs that are left open').toEqual([]);
  });
});

type Asked = Parameters<ReturnType<typeof createShop>['start']>[0];

function cellOf({ rows }: ExploredTable, scenario: string, activity: string, window: Window) {
  const row = rows.find((found) => found.scenario === scenario && found.activity === activity);
  const cell = row?.cells.find((found) => found.window === window);
  if (!cell) throw new Error(`No cell ${scenario} / ${activity} / ${window}`);
  return cell;
}

function outcomes({ rows }: ExploredTable, scenario: string, activity: string) {
  const row = rows.find((found) => found.scenario === scenario && found.activity === activity);
  return Object.fromEntries((row?.cells ?? []).map(({ window, outcome }) => [window, outcome]));
}

/** Each trial has a key of its own. */
function trialsOf({ rows }: ExploredTable, window: Window): number {
  const cells = rows.flatMap((row) => row.cells.filter((cell) => cell.window === window));
  return new Set(cells.map(({ key }) => key)).size;
}

/** A key tells when it was made. */
function asTheyRan({ rows }: ExploredTable): readonly string[] {
  return rows
    .flatMap(({ cells }) => cells)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ activity }) => activity);
}

async function open({ client }: Temporal, workflowIds: readonly string[]) {
  const found = await Promise.all(
    workflowIds.map((workflowId) => client.workflow.getHandle(workflowId).describe()),
  );
  return found.filter(({ status }) => status.name === 'RUNNING');
}
