import { CompleteAsyncError, type Context } from '@temporalio/activity';
import { attemptOf } from '../attempts.ts';
import { createBarrier } from '../barrier.ts';
import { untilStopped } from '../hold.ts';
import type { Recorder } from '../recorder.ts';
import type { Call } from '../workflow-faults.ts';
import { orStuck } from './stuck.ts';

/** One attempt of one call, before it is let through. */
export interface Attempt {
  readonly context: Context;
  readonly call: Call;
  readonly run: () => Promise<unknown>;
}

/** The call that a fault is meant for, and what the fault does to its first attempt. */
export interface Target {
  /** The name of the call. */
  readonly activity: string;
  /** Without it the attempt is let through; the fault strikes elsewhere. */
  readonly strike?: ((attempt: Attempt) => Promise<unknown>) | undefined;
  /** The server is told nothing of the attempt that was struck. */
  readonly unreported?: boolean | undefined;
  /** Another attempt of the same call has ended. */
  readonly onOtherEnd?: (() => void) | undefined;
}

/** A call that was attempted. */
export interface SeenCall extends Call {
  readonly type: string;
  readonly isLocal: boolean;
}

/** The attempts of one trial. */
export interface Attempts {
  /** By the name of the call. */
  readonly calls: ReadonlyMap<string, SeenCall>;
  /** Whether the fault has struck. */
  readonly struck: boolean;
  /** Settles when it does. */
  readonly onStrike: Promise<void>;
  /** Notes a strike that is not an attempt's. */
  strike(): void;
  /** Lets one attempt through, or lets the fault have it. */
  attempt(attempt: Attempt, worker: string): Promise<unknown>;
  /**
   * Waits until no attempt is under way, not even one whose worker has stopped.
   *
   * @throws {StuckError}
   */
  quiet(): Promise<void>;
}

export interface AttemptsOptions {
  readonly recorder: Recorder;
  readonly target: Target | undefined;
  readonly givenUp: AbortSignal;
}

export function createAttempts({ recorder, target, givenUp }: AttemptsOptions): Attempts {
  const calls = new Map<string, SeenCall>();
  const underWay = new Set<Promise<unknown>>();
  const struck = createBarrier(1);

  function keep(work: Promise<unknown>): void {
    const over = work.catch(() => {});
    underWay.add(over);
    void over.then(() => underWay.delete(over));
  }

  /** Its worker may stop, and is told so; what the attempt does goes on, and may still have its effect. */
  function outliving({ context, run, ...attempt }: Attempt): Attempt {
    const kept = () => {
      const work = run();
      keep(work);
      return untilStopped(context, work);
    };
    return { ...attempt, context, run: kept };
  }

  async function meet(attempt: Attempt): Promise<unknown> {
    if (attempt.call.name !== target?.activity) return await attempt.run();
    if (target.strike && struck.arrivals === 0) {
      void struck.arrive();
      return await target.strike(attempt);
    }
    try {
      return await attempt.run();
    } finally {
      target.onOtherEnd?.();
    }
  }

  return {
    calls,
    get struck() {
      return struck.arrivals > 0;
    },
    onStrike: struck.opened,
    strike: () => void struck.arrive(),
    async attempt(attempt, worker) {
      const { activityType: type, isLocal } = attempt.context.info;
      calls.set(attempt.call.name, { ...attempt.call, type, isLocal });
      const isMeant =
        target?.unreported && attempt.call.name === target.activity && struck.arrivals === 0;
      const record = { ...attemptOf(attempt.context, worker), activity: attempt.call.name };
      const work = recorder.attempt(record, () => meet(outliving(attempt)));
      keep(work);
      return await work.catch((error: unknown) => {
        throw isMeant ? new CompleteAsyncError() : error;
      });
    },
    async quiet() {
      while (underWay.size > 0) await orStuck(Promise.all(underWay), givenUp, 'an attempt');
    },
  };
}
