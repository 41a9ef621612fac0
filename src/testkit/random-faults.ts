import { draw } from './draw.ts';
import {
  CrashBeforeEffectError,
  type Fault,
  type FaultTarget,
  isMeant,
  LostAcknowledgementError,
} from './faults.ts';

export interface RandomFailures extends FaultTarget {
  /** How likely each of the two is: a failure before the effect, and one after it. 0 to 100. */
  readonly percent: number;
  /** Another one lets other attempts fail. */
  readonly seed: number;
}

/** One attempt that was made to fail. */
export interface RandomStrike {
  readonly workflowId: string;
  /** The type of the activity. */
  readonly activity: string;
  /** Counted from 1. */
  readonly attempt: number;
  readonly when: 'before effect' | 'after effect';
}

/** A fault that remembers whom it has struck, in the order in which it did. */
export interface RandomFault extends Fault {
  readonly struck: readonly RandomStrike[];
}

/**
 * Attempts fail at random, before their effect or after it. Who does is drawn from the seed, the workflow ID, the activity
 * and the attempt: the same ones fail in every experiment with that seed, however many workers there are and
 * whoever comes first.
 *
 * Trap: there are two draws, so with 34 % only 44 of 100 attempts pass (0.66²). Two calls of one activity in a run share theirs.
 *
 * An attempt that fails by itself has lost nothing and is not struck.
 *
 * @throws {RangeError} for a percentage that is none
 */
export function failRandomly({ percent, seed, ...target }: RandomFailures): RandomFault {
  if (!(percent >= 0 && percent <= 100)) {
    throw new RangeError(`A percentage is a number from 0 to 100, not ${percent}`);
  }
  const struck: RandomStrike[] = [];
  const strikes = (strike: RandomStrike) => {
    const { workflowId, activity, attempt, when } = strike;
    if (draw(seed, workflowId, activity, attempt, when) * 100 >= percent) return false;
    struck.push(strike);
    return true;
  };
  return {
    name: `failures at random (${percent} %, seed ${seed})`,
    struck,
    get strikes() {
      return struck.length;
    },
    async attempt(context, run) {
      if (!isMeant(target, context)) return await run();
      const { activityType: activity, attempt, workflowExecution } = context.info;
      const of = { workflowId: workflowExecution?.workflowId ?? '', activity, attempt };
      if (strikes({ ...of, when: 'before effect' })) throw new CrashBeforeEffectError();
      const result = await run();
      if (strikes({ ...of, when: 'after effect' })) throw new LostAcknowledgementError();
      return result;
    },
  };
}
