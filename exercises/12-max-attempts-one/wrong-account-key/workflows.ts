import { proxyActivities } from '@temporalio/workflow';
import type { Activities, Fee } from './activities.ts';

const { deductFee } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  retry: { nonRetryableErrorTypes: ['DeclinedError'] },
});

/** Takes a fee, and says whether it was taken. */
export async function PayFee(fee: Fee): Promise<'paid' | 'not paid'> {
  try {
    await deductFee(fee);
    return 'paid';
  } catch {
    return 'not paid';
  }
}
