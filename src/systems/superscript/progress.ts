import { activityInfo } from '@temporalio/activity';
import type { KeyOutcome } from '#idempotency';
import type { StartOutcome } from '#temporal';
import type { PaymentResult } from './payment.ts';

/** What this room reports to whoever runs it; the room itself writes nowhere. */
export type PaymentProgress =
  | {
      readonly event: 'run';
      readonly outcome: StartOutcome;
      readonly workflowId: string;
      readonly runId: string;
    }
  /** The ID has a run, and that run was asked for something else. */
  | { readonly event: 'refused'; readonly outcome: 'mismatch'; readonly workflowId: string }
  /** A step has an answer: its own, or that of an earlier attempt. */
  | {
      readonly event: 'key';
      readonly step: 'collect' | 'confirm';
      readonly outcome: KeyOutcome;
      readonly workflowId: string;
      readonly runId: string;
      readonly attempt: number;
    }
  /** Answered with 500 or more: a fault, or somebody who is away, of which the client was told little. */
  | { readonly event: 'broke'; readonly error: unknown };

export type OnPaymentProgress = (progress: PaymentProgress) => void;

/** The script says on stderr which step it found done. */
export function reportStep(
  onProgress: OnPaymentProgress | undefined,
  step: 'collect' | 'confirm',
  key: string,
  { stderr }: PaymentResult,
): void {
  const { workflowExecution, attempt } = activityInfo();
  if (workflowExecution === undefined) return;
  const outcome = stderr.includes(`was done before: ${key}\n`) ? 'replay' : 'first';
  onProgress?.({ event: 'key', step, outcome, ...workflowExecution, attempt });
}
