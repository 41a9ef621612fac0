import { proxyActivities } from '@temporalio/workflow';

type Order = { id: string; customer: string };
type Step = (order: Order) => Promise<void>;

const { charge, ship } = proxyActivities<{ charge: Step; ship: Step }>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 3, nonRetryableErrorTypes: ['DeclinedError', 'OutOfStockError'] },
});
const { refund } = proxyActivities<{ refund: Step }>({ startToCloseTimeout: '10 seconds' });

/** Charges and ships, or undoes what it has done. */
export async function PlaceOrder(order: Order): Promise<'shipped' | 'cancelled'> {
  const undo: Step[] = [];
  try {
    undo.push(refund);
    await charge(order);
    await ship(order);
    return 'shipped';
  } catch {
    for (const step of undo) await step(order);
    return 'cancelled';
  }
}
