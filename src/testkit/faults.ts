import { setTimeout } from 'node:timers/promises';
import type { Context } from '@temporalio/activity';
import type { ActivityInterceptorsFactory, WorkerInterceptors } from '@temporalio/worker';
import type { Barrier } from './barrier.ts';
import { holdPastTimeout } from './hold.ts';
import { joinInterceptors } from './interceptors.ts';
import { announceStop, stoppingOf } from './stopping.ts';

/** Something that goes wrong on the way to an activity or back, planted from outside: the system knows nothing of it. */
export interface Fault {
  readonly name: string;
  /** How often it has struck so far. An experiment whose fault never struck has shown nothing. */
  readonly strikes: number;
  /** Stands between the worker and one attempt, which `run` makes. */
  attempt(context: Context, run: () => Promise<unknown>): Promise<unknown>;
}

/** Which attempts a fault may strike: all of them, unless told. */
export interface FaultTarget {
  /** The type of an activity, such as `deductFee`. */
  readonly activity?: string;
  readonly workflowId?: string;
}

export interface Times {
  /** How many attempts it strikes; default 1. */
  readonly times?: number;
}

/** The attempt throws and its effect does not happen: the worker was lost on the way there. */
export function crashBeforeEffect(options: FaultTarget & Times = {}): Fault {
  return fault('crash before the effect', options, async (_attempt, strike) => {
    strike();
    throw new CrashBeforeEffectError();
  });
}

/**
 * The effect happens, and the attempt throws instead of reporting it: what a lost acknowledgement looks like
 * to the server, which gives the work out again.
 *
 * An attempt that fails by itself has lost nothing and is not struck.
 */
export function crashAfterEffect(options: FaultTarget & Times = {}): Fault {
  return fault('crash after the effect', options, async ({ run }, strike) => {
    const result = await run();
    if (!strike()) return result;
    throw new LostAcknowledgementError();
  });
}

export interface HangOptions extends FaultTarget, Times {
  readonly when: 'before effect' | 'after effect';
  /** Opens when the attempt may go on. */
  readonly until: Barrier;
}

/**
 * A zombie: the attempt stands still until the barrier opens, however long its timeout has passed, and then
 * goes on as if nothing had been. Open the barrier when the next attempt has acted, and both are alive at once.
 *
 * It ends without going on when its worker stops. Trap: a worker of your own has to announce that; see
 * `plantFaults`.
 */
export function hangPastTimeout({ when, until, ...options }: HangOptions): Fault {
  return fault(`hang ${when}`, options, async ({ run, context }, strike) => {
    const result = when === 'after effect' ? await run() : undefined;
    if (strike()) await holdPastTimeout(until, context);
    return when === 'before effect' ? await run() : result;
  });
}

/** Each attempt waits before its effect, in milliseconds, and no longer than it may live. */
export function delay(ms: number, options: FaultTarget = {}): Fault {
  return fault('delay', { ...options, times: Infinity }, async ({ run, context }, strike) => {
    strike();
    const signal = AbortSignal.any([stoppingOf(context), context.cancellationSignal]);
    await setTimeout(ms, undefined, { signal });
    return await run();
  });
}

/** The first `n` attempts fail before their effect, as they do while a target is away. */
export function failTimes(n: number, options: FaultTarget = {}): Fault {
  return fault('failure', { ...options, times: n }, async (_attempt, strike) => {
    const number = strike();
    throw new PlantedFailureError(number, n);
  });
}

/**
 * Worker interceptors that plant faults, the first one outermost. For a worker of your own; `temporal.runWorker`
 * takes `faults`.
 *
 * @param stopping abort it before the worker's shutdown: attempts that hang past their timeout end then, and
 *   hear of the shutdown in no other way
 */
export function plantFaults(faults: readonly Fault[], stopping?: AbortSignal): WorkerInterceptors {
  const activity = faults.map<ActivityInterceptorsFactory>((planted) => (context) => ({
    inbound: { execute: (input, next) => planted.attempt(context, () => next(input)) },
  }));
  return joinInterceptors(stopping ? announceStop(stopping) : {}, { activity });
}

/** Whether a fault with this target may strike the attempt. */
export function isMeant({ activity, workflowId }: FaultTarget, { info }: Context): boolean {
  const { activityType, workflowExecution } = info;
  return (
    (activity ?? activityType) === activityType &&
    (workflowId ?? workflowExecution?.workflowId) === workflowExecution?.workflowId
  );
}

/** Planted: the attempt ended before its effect. */
export class CrashBeforeEffectError extends Error {
  override readonly name = 'CrashBeforeEffectError';

  constructor() {
    super('The worker failed, and the effect has not happened');
  }
}

/** Planted: the effect has happened, its report has not arrived. */
export class LostAcknowledgementError extends Error {
  override readonly name = 'LostAcknowledgementError';

  constructor() {
    super('The effect happened, and the worker failed before it could report it');
  }
}

/** Planted: one of several failures, before the effect. */
export class PlantedFailureError extends Error {
  override readonly name = 'PlantedFailureError';

  constructor(number: number, of: number) {
    super(`Failure ${number} of ${of}, and the effect has not happened`);
  }
}

interface Attempt {
  readonly context: Context;
  readonly run: () => Promise<unknown>;
}

/** @returns the number of the strike, counted from 1; 0 when all of them are spent */
type Strike = () => number;

function fault(
  name: string,
  { times = 1, ...target }: FaultTarget & Times,
  act: (attempt: Attempt, strike: Strike) => Promise<unknown>,
): Fault {
  let strikes = 0;
  const strike: Strike = () => (strikes < times ? ++strikes : 0);
  return {
    name,
    get strikes() {
      return strikes;
    },
    attempt(context, run) {
      return isMeant(target, context) && strikes < times ? act({ context, run }, strike) : run();
    },
  };
}
