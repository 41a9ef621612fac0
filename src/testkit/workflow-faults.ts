// Bundled with the workflows under test and replayed with them: no clock, no randomness, nothing of Node.
import type { RetryPolicy } from '@temporalio/common';
import { type Duration, msToNumber } from '@temporalio/common/lib/time.js';
import type { WorkflowInterceptors } from '@temporalio/workflow';

/** Longer than a healthy attempt takes on a machine that is busy with other tests, in milliseconds. */
const LONGEST_ATTEMPT_MS = 2_000;
const RETRY_AFTER_MS = 20;

/**
 * Workflow interceptors that make a lost attempt cost milliseconds: an activity, local ones included, times out
 * after two seconds at most and is tried again after 20 ms, however patient its workflow is. How many attempts
 * it has, which errors are final, and what limits all attempts together stay as written.
 */
export function interceptors(): WorkflowInterceptors {
  if (AS_WRITTEN in globalThis) return {};
  return {
    outbound: [
      {
        scheduleActivity: (input, next) => next({ ...input, options: shrunk(input.options) }),
        scheduleLocalActivity: (input, next) => next({ ...input, options: shrunk(input.options) }),
      },
    ],
  };
}

/** The global that switches the interceptors off; see `bundleForTests`. */
export const AS_WRITTEN = 'pressTwiceKeepsTimeoutsAsWritten';

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
