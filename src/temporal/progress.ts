import type { Workflow } from '@temporalio/client';
import type { WorkflowResultType } from '@temporalio/common';
import { IntentMismatchError, type KeyOutcome, type OnKeyOutcome } from '#idempotency';
import type { Run, StartOutcome } from './start-or-join.ts';
import { type StartedRun, startedRun } from './started-run.ts';

/**
 * What every system reports through its `onProgress` to whoever runs it; the system itself writes nowhere.
 *
 * @typeParam Step the names of its effects, of which there are few: they become labels
 */
export type Progress<Step extends string = string> =
  | StartProgress
  | KeyProgress<Step>
  | FaultProgress;

/** What a start came to. One that was refused has no run to name. */
export type StartProgress =
  | {
      readonly event: 'run';
      readonly outcome: StartOutcome;
      readonly workflowId: string;
      readonly runId: string;
    }
  /** The ID has a run, and that run was asked for something else. */
  | {
      readonly event: 'refused';
      readonly outcome: 'mismatch';
      readonly workflowId: string;
      readonly runId?: undefined;
    };

/** What a try under a key came to. */
export interface KeyProgress<Step extends string = string> extends KeyTry<Step> {
  readonly event: 'key';
  readonly outcome: KeyOutcome;
}

export interface KeyTry<Step extends string = string> {
  /** The effect that the key guards. */
  readonly step: Step;
  /** Whose step it is, and in which attempt, counted from 1. A request from outside has none of these. */
  readonly workflowId?: string;
  readonly runId?: string;
  readonly attempt?: number;
}

/** Answered with 500 or more: a fault, or somebody who is away, of which the client was told little. */
export interface FaultProgress {
  readonly event: 'broke';
  readonly error: unknown;
}

/** For whatever asks a store: tells what came of it. */
export function reportKey<Step extends string>(
  who: KeyTry<Step>,
  onProgress: ((progress: KeyProgress<Step>) => void) | undefined,
): OnKeyOutcome {
  return (outcome) => onProgress?.({ event: 'key', ...who, outcome });
}

/**
 * Tells what a start came to, and passes it on, with its failures named for a caller.
 *
 * @throws what `starting` throws
 */
export async function reportStart<W extends Workflow>(
  starting: Promise<Run<W>>,
  onProgress: ((progress: StartProgress) => void) | undefined,
): Promise<StartedRun<WorkflowResultType<W>>> {
  const run = await starting.catch((error: unknown) => {
    if (error instanceof IntentMismatchError) {
      onProgress?.({ event: 'refused', outcome: 'mismatch', workflowId: error.key });
    }
    throw error;
  });
  const { outcome, workflowId, runId } = run;
  onProgress?.({ event: 'run', outcome, workflowId, runId });
  return startedRun(run);
}
