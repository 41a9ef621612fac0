import type { Evidence } from '../evidence.ts';

/** Where the fault strikes an activity, in one process. */
export const WINDOWS = [
  'before the effect',
  'after the effect',
  'zombie',
  'worker gone',
  'evicted',
  'asked again meanwhile',
  'asked again after the close',
  'reset',
] as const;

/** The same with real processes: killed with SIGKILL, or frozen with SIGSTOP and woken too late. */
export const PROCESS_WINDOWS = [
  'killed before the effect',
  'killed after the effect',
  'frozen',
] as const;

export type Window = (typeof WINDOWS)[number] | (typeof PROCESS_WINDOWS)[number];

/**
 * What a fault came to, compared with the same scenario without it.
 *
 * | outcome | the world | the run |
 * | --- | --- | --- |
 * | `one` | has each step as often as without the fault | closed in the same way |
 * | `none` | has a step less often | closed |
 * | `many (n)` | has a step more often; the worst of them `n` times | closed |
 * | `other` | has one step less and another more often, or all as it should | closed in another way |
 * | `stuck` | is not compared | did not close in time, or an attempt did not end |
 * | `no fault` | is not compared | went another way, or the server refused: the fault did not happen, and the cell shows nothing |
 */
export type Outcome = 'one' | 'none' | `many (${number})` | 'other' | 'stuck' | 'no fault';

/** One run under one fault. What befalls a whole run is the same one, with the same key, for each of its activities. */
export interface Cell {
  readonly scenario: string;
  readonly activity: string;
  readonly window: Window;
  readonly key: string;
  readonly outcome: Outcome;
  /** What shows it, in one line. */
  readonly says: string;
  /** Requests, attempts with their run IDs, and the world before and after. */
  readonly evidence: Evidence;
}

/** One activity that a scenario calls. */
export interface Row {
  readonly scenario: string;
  /** Its type; `charge #2` for the second call, `ShipOrder/charge` in a child workflow. */
  readonly activity: string;
  /** A local activity: some windows do not apply to it, and it has no cell there. */
  readonly isLocal: boolean;
  readonly cells: readonly Cell[];
}

/** One scenario without a fault: what its cells are compared with. */
export interface Baseline {
  readonly scenario: string;
  /** `completed`, `failed: InsufficientFundsError`, `cancelled`, …; `stuck` has no cells. */
  readonly ending: string;
  readonly steps: Readonly<Record<string, number>>;
  readonly evidence: Evidence;
}

/** Scenario x activity x window, as plain data. */
export interface ExploredTable {
  readonly seed: number;
  readonly windows: readonly Window[];
  readonly baselines: readonly Baseline[];
  readonly rows: readonly Row[];
  /** How many trials a sample did without; 0 where all was tried. */
  readonly leftOut: number;
  /** Activities of the worker that no scenario reaches without a fault: nothing is known of them. */
  readonly neverRun: readonly string[];
}

/** All that keeps a table from showing one effect everywhere, a line each; none where it does. */
export function problemsOf({ baselines, rows, neverRun }: ExploredTable): readonly string[] {
  const stuck = baselines.filter(({ ending }) => ending === 'stuck');
  const seesNothing = baselines.every(({ steps }) => Object.keys(steps).length === 0);
  return [
    ...stuck.map(
      (baseline) => `${baseline.scenario}: stuck without a fault. ${lastFailureOf(baseline)}`,
    ),
    ...(seesNothing
      ? ['`observe` saw no effect in any scenario: does it look under the key?']
      : []),
    ...neverRun.map((activity) => `${activity}: never run. Add a scenario that reaches it`),
    ...rows
      .flatMap(({ cells }) => cells)
      .filter(({ outcome }) => outcome !== 'one')
      .map((cell) => `${cell.scenario} / ${cell.activity} / ${cell.window}: ${lineOf(cell)}`),
  ];
}

function lineOf({ outcome, says }: Cell): string {
  return `${outcome}. ${says}`;
}

/** Most often an activity that fails again and again. */
function lastFailureOf({ evidence: { attempts } }: Baseline): string {
  const last = attempts.findLast(({ how }) => how === 'failed');
  if (!last) return 'No attempt has failed';
  return `${last.activity}, attempt ${last.attempt}: ${last.error}`;
}
