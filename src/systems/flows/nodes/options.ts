import type { ActivityOptions } from '@temporalio/common';

// Replayed with the workflow: no clock, no randomness, nothing of Node.

/** One write takes milliseconds; ten seconds mean that its worker is gone. An outbox, or all workers, may be away for weeks, and no message is lost. */
const OF_AN_OUTBOX = {
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '30 days',
  retry: {
    initialInterval: '250 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: 50_000,
    nonRetryableErrorTypes: [
      'IntentMismatchError',
      'InvalidFlowError',
      'RangeError',
      'UnstorableKeyError',
    ],
  },
} satisfies ActivityOptions;

/** Another company may be away for a week. */
const OF_A_WEBHOOK = {
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '7 days',
  retry: {
    initialInterval: '250 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: 12_000,
    nonRetryableErrorTypes: ['WebhookUrlError', 'IntentMismatchError'],
  },
} satisfies ActivityOptions;

/**
 * How long the effect of each node may take, and how it is tried again. An attempt of more than ten minutes needs a
 * heartbeat (`requireNodes`): nobody would hear for that long that its worker is gone.
 */
export const OPTIONS = {
  notify_creator: OF_AN_OUTBOX,
  send_message: OF_AN_OUTBOX,
  webhook: OF_A_WEBHOOK,
} as const satisfies Readonly<Record<string, ActivityOptions>>;
