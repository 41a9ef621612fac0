import type { Client } from '@temporalio/client';
import type { WorkflowInfo } from '@temporalio/workflow';
import { createRecorder, type Recorder } from '../recorder.ts';
import { type Attempts, createAttempts, type Target } from './attempts.ts';
import { createRuns, type Runs, type Started } from './runs.ts';
import { giveUpAfter, orStuck } from './stuck.ts';

/** One scenario, once, under a key of its own: with a fault, or without. */
export interface Trial {
  readonly key: string;
  readonly client: Client;
  readonly recorder: Recorder;
  readonly runs: Runs;
  readonly attempts: Attempts;
  /** What a fault has to tell, in words. */
  readonly notes: string[];
  /** How often a workflow's code was replayed since this call was first attempted. */
  replaysSince(call: string): number;
  /**
   * Waits no longer than the trial lasts.
   *
   * @throws {StuckError}
   */
  inTime<T>(waited: Promise<T>, what: string): Promise<T>;
  /** Whether the fault strikes; false where the run closes without having met it. */
  whenStruck(): Promise<boolean>;
  /** A workflow's code begins, or begins again in a replay. */
  began(info: WorkflowInfo): void;
}

export interface TrialOptions {
  readonly claim: string;
  readonly key: string;
  readonly client: Client;
  /** Starts the scenario as the system does it. */
  readonly start: () => Promise<Started>;
  readonly target?: Target | undefined;
  readonly withinMs: number;
  /** Aborts when nobody wants to know any more. */
  readonly stopping: AbortSignal;
}

/** @throws {StuckError} from its waits, when its time is up */
export function createTrial(options: TrialOptions): Trial {
  const { claim, key, client, start, target, withinMs, stopping } = options;
  const recorder = createRecorder(claim);
  const givenUp = giveUpAfter(withinMs, stopping);
  const { began, ...runs } = createRuns({ client, start, recorder, givenUp });
  const attempts = createAttempts({ recorder, target, givenUp });
  const replays = new Map<string, number>();

  return {
    key,
    client,
    recorder,
    notes: [],
    runs,
    attempts,
    replaysSince: (call) => replays.get(call) ?? 0,
    inTime: (waited, what) => orStuck(waited, givenUp, what),
    async whenStruck() {
      const { onStrike } = attempts;
      return await Promise.race([onStrike.then(() => true), runs.closed().then(() => false)]);
    },
    began(info) {
      const { unsafe } = info;
      began(info);
      if (!unsafe.isReplaying) return;
      for (const call of attempts.calls.keys()) replays.set(call, (replays.get(call) ?? 0) + 1);
    },
  };
}
