import { activityInfo } from '@temporalio/activity';
import { type Progress, reportKey } from '#temporal';
import type { PaymentResult } from './payment.ts';

type Step = 'collect' | 'confirm';

/** What this room reports to whoever runs it; the room itself writes nowhere. A step's answer may be an earlier attempt's. */
export type PaymentProgress = Progress<Step>;

export type OnPaymentProgress = (progress: PaymentProgress) => void;

/** The script says on stderr which step it found done. */
export function reportStep(
  onProgress: OnPaymentProgress | undefined,
  step: Step,
  key: string,
  { stderr }: PaymentResult,
): void {
  const { workflowExecution, attempt } = activityInfo();
  if (workflowExecution === undefined) return;
  const report = reportKey({ step, ...workflowExecution, attempt }, onProgress);
  report(stderr.includes(`was done before: ${key}\n`) ? 'replay' : 'first');
}
