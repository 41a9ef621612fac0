import {
  allHandlersFinished,
  condition,
  currentUpdateInfo,
  defineQuery,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';

interface Activities {
  deductFee(key: string): Promise<void>;
}

const { deductFee } = proxyActivities<Activities>({ startToCloseTimeout: '10 seconds' });

/** An account that lives as long as its customer: each fee is an update. */
export async function Account(): Promise<void> {
  const paid: string[] = [];
  let isClosed = false;

  setHandler(defineUpdate<{ fee: number }, [string]>('take-fee'), async (orderId) => {
    await deductFee(`fee/${currentUpdateInfo()?.id}`);
    paid.push(orderId);
    return { fee: 10 };
  });
  setHandler(defineQuery<string[]>('paid'), () => paid);
  setHandler(defineSignal('close'), () => void (isClosed = true));

  await condition(() => isClosed && allHandlersFinished());
}
