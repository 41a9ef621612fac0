// Bundled with the workflows under test and replayed with them: no clock, no randomness, nothing of Node.
import { defaultPayloadConverter, type RetryPolicy } from '@temporalio/common';
import { type Duration, msToNumber } from '@temporalio/common/lib/time.js';
import {
  proxySinks,
  type Sinks,
  type WorkflowInterceptors,
  workflowInfo,
} from '@temporalio/workflow';

/** Longer than a healthy attempt takes on a machine that is busy with other tests, in milliseconds. */
const LONGEST_ATTEMPT_MS = 2_000;
const RETRY_AFTER_MS = 20;
/** How long a worker that is gone can hold up a workflow, in milliseconds. */
export const LONGEST_TASK_MS = 2_000;

/**
 * Workflow interceptors that make a lost attempt cost milliseconds: an activity, local ones included, times out
 * after two seconds at most and is tried again after 20 ms, however patient its workflow is. How many attempts
 * it has, which errors are final, and what limits all attempts together stay as written.
 *
 * In a bundle of `explore` they also tell which call of its run each activity is.
 */
export function interceptors(): WorkflowInterceptors {
  if (AS_WRITTEN in globalThis) return {};
  const { inbound = [], outbound = [] } = EXPLORED in globalThis ? numberCalls() : {};
  return {
    inbound,
    outbound: [
      ...outbound,
      {
        scheduleActivity: (input, next) => next({ ...input, options: shrunk(input.options) }),
        scheduleLocalActivity: (input, next) => next({ ...input, options: shrunk(input.options) }),
        startChildWorkflowExecution: (input, next) =>
          next({ ...input, options: { ...input.options, workflowTaskTimeout: LONGEST_TASK_MS } }),
      },
    ],
  };
}

/** The global that switches the interceptors off; see `bundles.ts`. */
export const AS_WRITTEN = 'pressTwiceKeepsTimeoutsAsWritten';
/** The global that lets each activity carry its call; see `explore`. */
export const EXPLORED = 'pressTwiceExplores';
/** The header in which it does. */
export const CALL_HEADER = 'press-twice-call';

/** Which call of which run an activity is. It is the same in a replay, a reset and another run of the workflow. */
export interface Call {
  /** Children, and the runs that a run was continued as, have the one that all of them come from. */
  readonly rootWorkflowId: string;
  /** `charge`, `charge #2`; in a child workflow `ShipOrder/charge`, in its second one `ShipOrder #2/charge`. */
  readonly name: string;
  /** Its place among all calls, to be compared number by number. */
  readonly order: readonly number[];
}

/** Told each time that a workflow's code begins, replays included. */
export interface ExplorerSinks extends Sinks {
  readonly pressTwice: { begins(rootWorkflowId: string): void };
}

/** What the calls of one run are counted in; it is handed on to children and continued runs. */
interface Counts extends Pick<Call, 'rootWorkflowId' | 'order'> {
  readonly path: string;
  readonly ofType: Readonly<Record<string, number>>;
  readonly all: number;
}

function numberCalls(): WorkflowInterceptors {
  const { pressTwice } = proxySinks<ExplorerSinks>();
  const { workflowId } = workflowInfo();
  let counts: Counts = { rootWorkflowId: workflowId, path: '', order: [], ofType: {}, all: 0 };
  // A local activity that is tried again after a long wait is scheduled anew, with the same arguments.
  const scheduled = new WeakMap<object, Call>();

  function nextCall(type: string): Call {
    const [number, all] = [(counts.ofType[type] ?? 0) + 1, counts.all + 1];
    counts = { ...counts, ofType: { ...counts.ofType, [type]: number }, all };
    const { rootWorkflowId, path, order } = counts;
    const name = `${path}${type}${number > 1 ? ` #${number}` : ''}`;
    return { rootWorkflowId, name, order: [...order, all] };
  }
  const told = <Input extends { headers: object }>(input: Input, what: Call | Counts): Input => ({
    ...input,
    headers: { ...input.headers, [CALL_HEADER]: defaultPayloadConverter.toPayload(what) },
  });

  return {
    inbound: [
      {
        execute(input, next) {
          const handedOn = input.headers[CALL_HEADER];
          if (handedOn) counts = defaultPayloadConverter.fromPayload<Counts>(handedOn);
          pressTwice.begins(counts.rootWorkflowId);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(told(input, nextCall(input.activityType))),
        scheduleLocalActivity(input, next) {
          const call = scheduled.get(input.args) ?? nextCall(input.activityType);
          scheduled.set(input.args, call);
          return next(told(input, call));
        },
        startChildWorkflowExecution(input, next) {
          const { name, ...call } = nextCall(input.workflowType);
          return next(told(input, { ...call, path: `${name}/`, ofType: {}, all: 0 }));
        },
        continueAsNew: (input, next) => next(told(input, counts)),
      },
    ],
  };
}

interface Patience {
  startToCloseTimeout?: Duration;
  heartbeatTimeout?: Duration;
  retry?: RetryPolicy;
}

function shrunk<Options extends Patience>(options: Options): Options {
  const { startToCloseTimeout = Infinity, heartbeatTimeout, retry } = options;
  return {
    ...options,
    startToCloseTimeout: Math.min(msToNumber(startToCloseTimeout), LONGEST_ATTEMPT_MS),
    ...(heartbeatTimeout !== undefined && {
      heartbeatTimeout: Math.min(msToNumber(heartbeatTimeout), LONGEST_ATTEMPT_MS),
    }),
    retry: {
      ...retry,
      initialInterval: RETRY_AFTER_MS,
      maximumInterval: RETRY_AFTER_MS,
      backoffCoefficient: 1,
    },
  };
}
