import { setTimeout } from 'node:timers/promises';
import type { SeenCall } from './attempts.ts';
import { ScenarioFailedError } from './errors.ts';
import type { Explorer } from './explorer.ts';
import { StuckError } from './stuck.ts';
import type { Baseline } from './table.ts';
import type { Trial } from './trial.ts';

/** One scenario without a fault, and the calls that it made, in their order. */
export interface Explored {
  readonly baseline: Baseline;
  readonly calls: readonly SeenCall[];
}

/**
 * Runs a scenario without a fault.
 *
 * @throws {ScenarioFailedError} it cannot run: refused, no such workflow, no such activity
 * @throws {ObserveFailedError}
 */
export async function runBaseline<S>(explorer: Explorer<S>, scenario: string): Promise<Explored> {
  const trial = explorer.newTrial({
    scenario,
    claim: `${scenario}, without a fault`,
    taskQueue: explorer.queues.shared,
  });
  const ending = await endingOf(trial, scenario);
  const steps = await explorer.observe(scenario, trial.key);
  trial.recorder.after({ ending, ...steps });
  const calls = [...trial.attempts.calls.values()].toSorted(byOrder);
  return { baseline: { scenario, ending, steps, evidence: trial.recorder.evidence() }, calls };
}

async function endingOf(trial: Trial, scenario: string): Promise<string> {
  const watched = new AbortController();
  try {
    const lived = live(trial);
    lived.catch(() => {});
    const { how, message = '' } = await Promise.race([lived, unrunnable(trial, watched.signal)]);
    if (UNKNOWN_TO_WORKER.test(message)) throw new Error(message);
    if (trial.runs.workflowIds.size === 0) throw new Error(UNSEEN);
    return how;
  } catch (error) {
    const isUnseen = trial.runs.workflowIds.size === 0;
    if (error instanceof StuckError && !isUnseen) return 'stuck';
    const { message, cause = error } = error as Error;
    const problem = error instanceof StuckError ? `${message}: ${UNSEEN}` : message;
    throw new ScenarioFailedError(scenario, problem, { cause });
  } finally {
    watched.abort();
    await trial.runs.end();
  }
}

async function live({ runs, attempts }: Trial) {
  await runs.ask('client 1');
  const ending = await runs.closed();
  await attempts.quiet();
  return ending;
}

const UNSEEN =
  'no worker of the explorer has seen its workflow. `start` has to use the task queue that it is given, and either the client that it is given or the key as a part of the workflow ID';
/** In the words of the SDK: of a workflow, of an activity, of a local activity. */
const UNKNOWN_TO_WORKER =
  /^Failed to initialize workflow of type|is not registered on this Worker|not registered on worker/;
const LOOK_EVERY_MS = 100;

/**
 * The server tries again for ever what a worker does not know. Fails when it does.
 */
async function unrunnable({ client, runs }: Trial, watched: AbortSignal): Promise<never> {
  for (;;) {
    await setTimeout(LOOK_EVERY_MS, undefined, { signal: watched });
    for (const workflowId of new Set([...runs.askedFor, ...runs.workflowIds])) {
      const problem = await problemOf(client, workflowId);
      if (problem) throw new Error(problem);
    }
  }
}

async function problemOf({ workflow }: Trial['client'], workflowId: string) {
  const handle = workflow.getHandle(workflowId);
  const { raw } = await handle.describe();
  const failures = (raw.pendingActivities ?? []).map(({ lastFailure }) => lastFailure?.message);
  if ((raw.pendingWorkflowTask?.attempt ?? 1) > 1) {
    const { events } = await handle.fetchHistory();
    const failed = events?.map(({ workflowTaskFailedEventAttributes: task }) => task?.failure);
    failures.push(...(failed ?? []).map((failure) => failure?.message));
  }
  return failures.find((message) => message && UNKNOWN_TO_WORKER.test(message));
}

function byOrder({ order: one }: SeenCall, { order: other }: SeenCall): number {
  const index = one.findIndex((number, place) => number !== other[place]);
  return index < 0 ? one.length - other.length : (one[index] ?? 0) - (other[index] ?? 0);
}
