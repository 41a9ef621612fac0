import type { AttemptRecord, Evidence, Moment } from '#testkit';

/**
 * How an attempt came out. `lost`: it failed, and the receiver had been asked by then, so that whoever waits hears of a
 * failure for something that was done. `late`: the next attempt had begun before it ended.
 */
export type Ending = 'completed' | 'failed' | 'lost' | 'late' | 'open';

export interface AttemptSeen extends AttemptRecord {
  readonly ending: Ending;
}

export function endingOf(attempt: AttemptRecord, evidence: Evidence): Ending {
  if (!attempt.ended) return 'open';
  if (attempt.how !== 'failed') return isOvertaken(attempt, evidence) ? 'late' : 'completed';
  return hasAsked(attempt, evidence) ? 'lost' : 'failed';
}

/** The record does not say who asked the ledger: it is certain only where one attempt was running. */
function hasAsked(attempt: AttemptRecord, { attempts, ledger }: Evidence): boolean {
  return ledger
    .filter(({ came }) => came !== 'declined')
    .some(({ asked }) => {
      const running = attempts.filter((other) => isRunning(other, asked));
      return running.length === 1 && running[0] === attempt;
    });
}

function isRunning({ started, ended }: AttemptRecord, { order }: Moment): boolean {
  return started.order < order && order < (ended?.order ?? Number.POSITIVE_INFINITY);
}

/** Certain only where the run calls the activity once: other calls have attempts of their own. */
function isOvertaken(attempt: AttemptRecord, { attempts }: Evidence): boolean {
  const same = attempts.filter(
    ({ runId, activity }) => runId === attempt.runId && activity === attempt.activity,
  );
  return (
    same.filter((other) => other.attempt === 1).length === 1 &&
    same.some((other) => other.attempt > attempt.attempt && isRunning(attempt, other.started))
  );
}
