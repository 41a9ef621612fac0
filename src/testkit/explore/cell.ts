import type { AttemptRecord, Evidence } from '../evidence.ts';
import { differencesInWords, outcomeOf, type World } from './compare.ts';
import type { Explorer } from './explorer.ts';
import { needsProcess } from './plan.ts';
import { stageOfProcesses } from './processes.ts';
import { AskFailedError } from './runs.ts';
import { type Stage, stageInProcess } from './stage.ts';
import { StuckError, settled } from './stuck.ts';
import type { Baseline, Cell, Row, Window } from './table.ts';
import type { Trial } from './trial.ts';

/** Cells that one trial shows: their rows, and what they are compared with. */
export interface Place {
  /** More than one where the window befalls the whole run. */
  readonly rows: readonly [Omit<Row, 'cells'>, ...Omit<Row, 'cells'>[]];
  readonly window: Window;
  readonly baseline: Baseline;
}

/**
 * Runs a scenario with one fault.
 *
 * @returns a cell for each row
 * @throws {ObserveFailedError}
 */
export async function runCells<S>(explorer: Explorer<S>, place: Place): Promise<readonly Cell[]> {
  const { rows, window, baseline } = place;
  const { scenario, activity } = rows[0];
  await using stage = needsProcess(window)
    ? await stageOfProcesses(explorer, window, activity)
    : await stageInProcess(explorer, window);
  const trial = explorer.newTrial({
    scenario,
    claim: [scenario, ...(rows.length === 1 ? [activity] : []), window].join(' / '),
    taskQueue: stage.taskQueue,
    target: { ...stage.fault, activity },
  });

  const ending = await live(trial, stage);
  const world = { ending, steps: await explorer.observe(scenario, trial.key) };
  trial.recorder.before({ ending: baseline.ending, ...baseline.steps });
  trial.recorder.after({ ending, ...world.steps });
  return rows.map((row) => cellOf(trial, stage, { row, window, baseline, world }));
}

function cellOf(
  trial: Trial,
  stage: Stage,
  of: Pick<Place, 'window' | 'baseline'> & {
    readonly row: Place['rows'][0];
    readonly world: World;
  },
): Cell {
  const { row, window, baseline, world } = of;
  const { scenario, activity } = row;
  const { recorder, key } = trial;
  const missed = missedBy(trial, stage, activity);
  const outcome =
    world.ending === 'stuck' ? 'stuck' : missed ? 'no fault' : outcomeOf(baseline, world);
  const says = [
    ...(missed ? [`${missed}, so this shows nothing`] : []),
    ...linesOf(trial, activity),
    ...differencesInWords(baseline, world),
  ].join('; ');
  const problems = outcome === 'one' ? [] : [`${outcome}: ${says}`];
  recorder.verdict({ holds: outcome === 'one', says, details: [key], problems });
  return { scenario, activity, window, key, outcome, says, evidence: recorder.evidence() };
}

/** @returns how the run has closed; `stuck` where it has not, or where an attempt goes on for ever */
async function live(trial: Trial, { fault, anotherWorker }: Stage): Promise<string> {
  const { runs, attempts } = trial;
  const asking = runs.ask('client 1');
  asking.catch(() => {}); // Thrown below.
  const driving = fault.drive?.(trial, anotherWorker) ?? asking;
  try {
    await trial.inTime(driving, 'the experiment');
    const { how } = await runs.closed();
    fault.release?.();
    await attempts.quiet();
    return how;
  } catch (error) {
    if (error instanceof StuckError) return 'stuck';
    if (error instanceof AskFailedError) return `never began: ${error.message}`;
    throw error;
  } finally {
    fault.release?.();
    // A reset that is on its way would open a run behind our back.
    await settled([driving]);
    await runs.end();
  }
}

/** Why the fault has not happened; undefined where it has. */
function missedBy(
  { recorder, attempts: { struck }, replaysSince }: Trial,
  { fault }: Stage,
  activity: string,
): string | undefined {
  if (!struck) return 'the run went another way';
  const own = ownOf(recorder.evidence(), activity);
  return fault.missed?.(own, { replays: replaysSince(activity) });
}

function ownOf({ attempts }: Evidence, activity: string): readonly AttemptRecord[] {
  return attempts.filter((attempt) => attempt.activity === activity);
}

function linesOf({ recorder, replaysSince, notes }: Trial, activity: string): readonly string[] {
  const replays = replaysSince(activity);
  const evidence = recorder.evidence();
  const ends = ownOf(evidence, activity).map(
    ({ attempt, how = 'never ended' }) => `${attempt} ${how}`,
  );
  const again = evidence.requests.slice(1).map(({ client, outcome }) => `${client}: ${outcome}`);
  return [
    `attempts: ${ends.join(', ') || 'none'}`,
    ...again,
    ...(replays > 0 ? [`replayed ${replays} times`] : []),
    ...notes,
  ];
}
