import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';

type Bonus = { eventId: string; amount: number };
type Month = { number: number; seen?: string[] };
type Activities = { payOut(month: number, total: number): Promise<void> };

const { payOut } = proxyActivities<Activities>({ startToCloseTimeout: '10 seconds' });

/** Adds up the bonuses of a month, pays them out when it ends, and goes on with the next one. */
export async function Wallet(month: Month): Promise<void> {
  let [last] = month.seen ?? [];
  let total = 0;
  let hasEnded = false;

  setHandler(defineSignal<[Bonus]>('bonus'), (bonus) => {
    if (bonus.eventId === last) return;
    last = bonus.eventId;
    total += bonus.amount;
  });
  setHandler(defineSignal('end-month'), () => void (hasEnded = true));

  await condition(() => hasEnded);
  await payOut(month.number, total);
  const next = { number: month.number + 1, seen: last === undefined ? [] : [last] };
  if (month.number < 2) await continueAsNew<typeof Wallet>(next);
}
