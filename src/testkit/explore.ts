import { v7 as uuid } from 'uuid';
import { type Explored, runBaseline } from './explore/baseline.ts';
import { bundleToExplore } from './explore/bundle.ts';
import { createTrials } from './explore/calls.ts';
import { type Place, runCells } from './explore/cell.ts';
import {
  createExplorer,
  type ExploreOptions,
  type Explorer,
  type Plan,
} from './explore/explorer.ts';
import { allOf, shuffled } from './explore/order.ts';
import { needsProcess, planOf } from './explore/plan.ts';
import { sampleOf } from './explore/sample.ts';
import type { Cell, ExploredTable, Row, Window } from './explore/table.ts';
import { WINDOW_PLANS } from './explore/windows.ts';
import { createExplorerWorkers } from './explore/workers.ts';

export type { Observation } from './explore/compare.ts';
export {
  ExploreOptionsError,
  ObserveFailedError,
  ScenarioFailedError,
} from './explore/errors.ts';
export type { Asked, ExploreOptions } from './explore/explorer.ts';
export { format, formatWithProblems } from './explore/format.ts';
export type { Started } from './explore/runs.ts';
export {
  type Baseline,
  type Cell,
  type ExploredTable,
  type Outcome,
  PROCESS_WINDOWS,
  problemsOf,
  type Row,
  WINDOWS,
  type Window,
} from './explore/table.ts';
export type { WorkerFactory } from './explore/workers.ts';

/**
 * Finds every place where a fault makes an effect happen twice, or not at all.
 *
 * Each scenario runs once without a fault, and the activities that it calls are noted. Then it runs again for each
 * activity and each window, under a key of its own, with that one fault; and what is in the world is compared. What
 * befalls a whole run, and none of its activities, is tried once for all of them: those cells share a key. The system
 * needs no test code: faults are planted by interceptors.
 *
 * Traps: `one` means as often as without the fault, so look at what the faultless runs did (`baselines`). A window
 * strikes the *first* attempt of a call. An activity that no faultless run calls is in `neverRun`, and nothing is
 * known of it. The world is looked at when all that a trial has begun has closed, abandoned children included: one
 * that never ends is `stuck`. Parallel calls of one type are numbered in the order in which they are scheduled; a
 * fault may change it, and then strikes another of them. A busy loop in workflow code blocks this process, and no
 * time limit helps: workflows run in its main thread, where the SDK detects no deadlock.
 *
 * @throws {ExploreOptionsError} at once
 * @throws {ScenarioFailedError} a scenario cannot be run at all
 * @throws {ObserveFailedError}
 */
export async function explore<S>(options: ExploreOptions<S>): Promise<ExploredTable> {
  const plan = planOf(options);
  const stopping = new AbortController();
  const trials = createTrials();
  const taskQueue = `${plan.temporal.taskQueue}-${uuid()}`;
  const queues = { shared: taskQueue, withoutCache: `${taskQueue}-without-cache` };

  const system = plan.worker({ taskQueue });
  const workflowBundle = await bundleToExplore(system);
  const workers = createExplorerWorkers({ temporal: plan.temporal, trials, workflowBundle });
  await using _shared = await workers.run({ ...system, taskQueue }, { name: 'worker 1' });
  await using _withoutCache = plan.windows.includes('evicted')
    ? await workers.run(
        { ...plan.worker({ taskQueue: queues.withoutCache }), taskQueue: queues.withoutCache },
        { name: 'a worker without a cache', cached: false },
      )
    : undefined;

  const { dataConverter } = system;
  const explorer = createExplorer(plan, {
    workers,
    queues,
    trials,
    stopping: stopping.signal,
    dataConverter,
  });
  try {
    return await fill(explorer, Object.keys(system.activities ?? {}), stopping);
  } finally {
    stopping.abort();
  }
}

async function fill<S>(
  explorer: Explorer<S>,
  activities: readonly string[],
  stopping: AbortController,
): Promise<ExploredTable> {
  const { plan } = explorer;
  const how = { atOnce: plan.concurrency, stopping };
  const names = Object.keys(plan.scenarios);
  const baselines = await allOf([names], how, (scenario) => runBaseline(explorer, scenario));
  const explored = baselines.toSorted(
    ({ baseline: one }, { baseline: other }) =>
      names.indexOf(one.scenario) - names.indexOf(other.scenario),
  );
  const all = shuffled(placesOf(explored, plan), plan.seed);
  const places = sampleOf(all, plan.sample);
  // What waits for a timeout of the server would keep the others waiting, so it has a lane of its own.
  const lanes = [places.filter(waits), places.filter((place) => !waits(place))];
  const cells = await allOf(lanes, how, (place) => runCells(explorer, place));
  const reached = new Set(explored.flatMap(({ calls }) => calls.map(({ type }) => type)));
  return {
    seed: plan.seed,
    windows: plan.windows,
    baselines: explored.map(({ baseline }) => baseline),
    rows: explored
      .flatMap(rowsOf)
      .map((row) => ({ ...row, cells: cellsOf(row, plan, cells.flat()) })),
    leftOut: all.length - places.length,
    neverRun: activities.filter((type) => type !== 'default' && !reached.has(type)),
  };
}

function rowsOf({ baseline, calls }: Explored): readonly Omit<Row, 'cells'>[] {
  const { scenario } = baseline;
  return calls.map(({ name, isLocal }) => ({ scenario, activity: name, isLocal }));
}

function placesOf<S>(explored: readonly Explored[], { windows }: Plan<S>): readonly Place[] {
  return explored
    .filter(({ baseline }) => baseline.ending !== 'stuck')
    .flatMap((one) =>
      windows.flatMap((window) => {
        const rows = rowsOf(one).filter((row) => applies(window, row));
        return trialsOf(window, rows).map((ofOne) => ({
          rows: ofOne,
          window,
          baseline: one.baseline,
        }));
      }),
    );
}

/** What befalls the whole run is tried once for all its activities. */
function trialsOf(window: Window, rows: readonly Place['rows'][0][]): readonly Place['rows'][] {
  const [first, ...others] = rows;
  if (!first) return [];
  const befallsAll = !needsProcess(window) && WINDOW_PLANS[window].ofRun;
  return befallsAll ? [[first, ...others]] : rows.map((row) => [row]);
}

function applies(window: Window, { isLocal }: Omit<Row, 'cells'>): boolean {
  return !isLocal || (!needsProcess(window) && WINDOW_PLANS[window].local);
}

function waits({ window }: Place): boolean {
  return window === 'zombie' || needsProcess(window);
}

function cellsOf<S>(
  { scenario, activity }: Omit<Row, 'cells'>,
  { windows }: Plan<S>,
  cells: readonly Cell[],
): readonly Cell[] {
  return cells
    .filter((cell) => cell.scenario === scenario && cell.activity === activity)
    .toSorted((a, b) => windows.indexOf(a.window) - windows.indexOf(b.window));
}
