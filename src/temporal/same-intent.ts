import type { WorkflowExecutionDescription } from '@temporalio/client';
import { IntentMismatchError } from '#idempotency';
import { FINGERPRINT } from './intent.ts';

/**
 * Compares what a run was asked for with what is asked for now.
 *
 * @throws {IntentMismatchError}
 */
export function refuseOtherIntents(
  { workflowId, type, memo }: WorkflowExecutionDescription,
  asked: { readonly workflowType: string; readonly fingerprint: string },
): void {
  if (type !== asked.workflowType) throw new IntentMismatchError(workflowId, 'workflow type');

  const recorded = memo?.[FINGERPRINT];
  if (recorded === undefined) throw new IntentMismatchError(workflowId, 'unknown origin');
  if (recorded !== asked.fingerprint) throw new IntentMismatchError(workflowId, 'input');
}
