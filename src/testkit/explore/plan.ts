import { ExploreOptionsError } from './errors.ts';
import type { ExploreOptions, Plan } from './explorer.ts';
import { PROCESS_WINDOWS, WINDOWS, type Window } from './table.ts';

/**
 * Says what is wrong before anything runs.
 *
 * @throws {ExploreOptionsError}
 */
export function planOf<S>(options: ExploreOptions<S>): Plan<S> {
  for (const name of ['start', 'worker', 'observe'] as const) {
    if (typeof options[name] !== 'function') throw new ExploreOptionsError(WITHOUT[name]);
  }
  if (Object.keys(options.scenarios ?? {}).length === 0) {
    throw new ExploreOptionsError('`scenarios` is empty: name at least one, such as { happy: {} }');
  }
  if (!((options.concurrency ?? 1) >= 1)) {
    throw new ExploreOptionsError('`concurrency` has to be 1 or more: else nothing is tried');
  }
  if (!((options.sample ?? 1) >= 1)) {
    throw new ExploreOptionsError('`sample` has to be 1 or more: else nothing is tried');
  }
  const windows = windowsOf(options.windows);
  const withProcesses = windows.some(needsProcess);
  if (withProcesses && !options.workerModule) {
    throw new ExploreOptionsError(
      'A process cannot be given a function: `workerModule` has to be the URL of a module that exports `worker`',
    );
  }
  return {
    sample: Number.POSITIVE_INFINITY,
    seed: 1,
    // More of them are no faster, and wait for one another while the time of their attempts runs.
    concurrency: withProcesses ? 3 : 4,
    cellWithinMs: 30_000,
    env: {},
    ...given(options),
    windows,
    workerModule: options.workerModule,
  };
}

export function needsProcess(window: Window): window is (typeof PROCESS_WINDOWS)[number] {
  return (PROCESS_WINDOWS as readonly Window[]).includes(window);
}

/** An option that is given as undefined is not given. */
function given<T extends object>(options: T): T {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as T;
}

const WITHOUT = {
  start: '`start` is missing: nothing is started without it',
  worker: '`worker` is missing: it makes the options of a worker for a task queue',
  observe:
    '`observe` is missing: without what is in the world, { step, count } for a key, no effect can be counted',
};

function windowsOf(windows: ExploreOptions<unknown>['windows'] = WINDOWS): readonly Window[] {
  if (windows === 'processes') return PROCESS_WINDOWS;
  const known: readonly Window[] = [...WINDOWS, ...PROCESS_WINDOWS];
  const unknown = [windows].flat().filter((window) => !known.includes(window));
  if (unknown.length > 0 || windows.length === 0) {
    throw new ExploreOptionsError(
      `No window "${unknown.join('", "')}": there are "${known.join('", "')}"`,
    );
  }
  return [windows].flat();
}
