import { setTimeout } from 'node:timers/promises';
import { ActivityNotFoundError } from '@temporalio/client';
import { createBarrier } from '../barrier.ts';
import type { AttemptRecord } from '../evidence.ts';
import { CrashBeforeEffectError, LostAcknowledgementError } from '../faults.ts';
import { holdPastTimeout } from '../hold.ts';
import type { Attempt, Target } from './attempts.ts';
import { resetToBefore } from './reset.ts';
import type { WINDOWS } from './table.ts';
import type { Trial } from './trial.ts';

/** What goes wrong in one trial, and when. */
export interface PlantedFault extends Omit<Target, 'activity'> {
  /** What is done meanwhile, from outside, once the request is on its way. */
  drive?(trial: Trial, anotherWorker: () => Promise<void>): Promise<void>;
  /** Lets go of the attempt that is held: the run has closed, or the trial is over. */
  release?(): void;
  /**
   * Why it shows nothing of a call although its place was reached; undefined where it does.
   *
   * @param own attempts of that call
   */
  missed?(own: readonly AttemptRecord[], seen: { readonly replays: number }): string | undefined;
}

/** A window of one process. */
export interface WindowPlan {
  /** Its worker: one that all share, one that all share and that caches no workflow, or one that it may lose. */
  readonly worker: 'shared' | 'without a cache' | 'own';
  /** Whether it can strike a local activity, which is part of its workflow task. */
  readonly local: boolean;
  /** Whether it befalls the whole run, and none of its calls: then one trial shows it for all of them. */
  readonly ofRun?: true;
  plant(): PlantedFault;
}

export const WINDOW_PLANS: Record<(typeof WINDOWS)[number], WindowPlan> = {
  'before the effect': { worker: 'shared', local: true, plant: crashBefore },
  'after the effect': { worker: 'shared', local: true, plant: loseReport },
  zombie: { worker: 'shared', local: false, plant: hang },
  'worker gone': { worker: 'own', local: false, plant: loseWorker },
  evicted: { worker: 'without a cache', local: false, ofRun: true, plant: replay },
  'asked again meanwhile': { worker: 'shared', local: true, plant: askMeanwhile },
  'asked again after the close': {
    worker: 'shared',
    local: true,
    ofRun: true,
    plant: askAfterwards,
  },
  reset: { worker: 'shared', local: false, plant: reset },
};

function crashBefore(): PlantedFault {
  return {
    async strike() {
      throw new CrashBeforeEffectError();
    },
  };
}

/** A definite no is lost like any other answer. */
function loseReport(): PlantedFault {
  return {
    async strike({ run }) {
      await run().catch(() => {});
      throw new LostAcknowledgementError();
    },
  };
}

/** The attempt stands still before its effect, and goes on when the next one has ended: or the run, where none comes. */
function hang(): PlantedFault {
  const held = holdBefore();
  return { ...held, onOtherEnd: held.release };
}

/** Holds the attempt before its effect. */
function holdBefore() {
  const goOn = createBarrier(1);
  return {
    async strike({ run, context }: Attempt) {
      await holdPastTimeout(goOn, context);
      return await run();
    },
    release: () => void goOn.arrive(),
  };
}

/**
 * The report is lost with its worker, and the server learns of it when that worker is gone: so it is another one
 * that gets the next attempt, and the run.
 */
function loseWorker(): PlantedFault {
  const acted = createBarrier(1);
  let token: Uint8Array = new Uint8Array();
  return {
    unreported: true,
    async strike({ run, context }) {
      token = context.info.taskToken;
      await run().catch(() => {});
      void acted.arrive();
      throw new LostAcknowledgementError();
    },
    async drive({ whenStruck, inTime, client }, anotherWorker) {
      if (!(await whenStruck())) return;
      await inTime(acted.opened, 'the effect');
      await anotherWorker();
      await client.activity.fail(token, new LostAcknowledgementError()).catch(unlessKnown);
    },
    // An attempt that times out is given out again at once, and to the same worker if that is not gone yet. One that
    // is tried once has no heir, and was lost with its worker all the same.
    missed: ([first, ...later]) =>
      later.length === 0 || later.some(({ worker }) => worker !== first?.worker)
        ? undefined
        : `no later attempt ran on another worker than ${first?.worker}`,
  };
}

/** Nothing but the cache is taken away: each workflow task begins with a replay of all that came before. */
function replay(): PlantedFault {
  return {
    async drive({ runs, attempts }) {
      await runs.closed();
      attempts.strike();
    },
    missed: (_own, { replays }) => (replays === 0 ? 'no replay came after it' : undefined),
  };
}

/** A system may answer its second client when the run has closed, and until then the attempt would time out. */
const LONGEST_REQUEST_MS = 1_000;

function askMeanwhile(): PlantedFault {
  const held = holdBefore();
  return {
    ...held,
    async drive({ whenStruck, runs }) {
      if (!(await whenStruck())) return;
      const asking = runs.ask('client 2').catch(() => {});
      await Promise.race([asking, setTimeout(LONGEST_REQUEST_MS, undefined, { ref: false })]);
      held.release();
      await asking;
    },
  };
}

function askAfterwards(): PlantedFault {
  return {
    async drive({ runs, attempts }) {
      await runs.closed();
      attempts.strike();
      await runs.ask('client 2').catch(() => {});
    },
  };
}

/**
 * The effect has happened, and an operator resets the run to before it. What comes later in the run has not happened
 * yet, so that a second effect is this activity's.
 */
function reset(): PlantedFault {
  const [acted, goOn] = [createBarrier(1), createBarrier(1)];
  const release = () => void goOn.arrive();
  let info: Attempt['context']['info'] | undefined;
  let missing: string | undefined = 'the run was not reset';
  return {
    async strike({ run, context }) {
      info = context.info;
      await run().catch(() => {});
      void acted.arrive();
      await holdPastTimeout(goOn, context);
      throw new LostAcknowledgementError();
    },
    async drive({ whenStruck, inTime, client }) {
      if (!(await whenStruck())) return;
      await inTime(acted.opened, 'the effect');
      if (!info) return;
      missing = await resetToBefore(client, info).then(() => undefined, refusalInWords);
      if (missing) release();
    },
    release,
    missed: () => missing,
  };
}

/** It is the server's answer, and no failure of the explorer: a run may not be reset whatever its state. */
function refusalInWords(error: Error & { readonly details?: string }): string {
  return `the run was not reset: ${error.details ?? error.message}`;
}

/** The attempt has timed out meanwhile: the server has given the work out again by itself. */
function unlessKnown(error: unknown): void {
  if (!(error instanceof ActivityNotFoundError)) throw error;
}
