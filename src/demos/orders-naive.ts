import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { v4 as uuid } from 'uuid';
import { type NaiveOrderWorkflow, totalCentsOf } from '#systems/orders';
import { concurrently, createBarrier } from '#testkit';
import type { OrderAct } from './orders-acts.ts';
import { allEffects, type CountedOrder } from './orders-counted.ts';
import type { KeyedOptions } from './orders-keyed.ts';
import { createScript, type ServiceRequest } from './orders-script.ts';
import { NAIVE_TASK_QUEUE } from './orders-worker.ts';

type NaiveRun = WorkflowHandleWithFirstExecutionRunId<typeof NaiveOrderWorkflow>;

/** Plays the same act with the saga as it is first written: the same services, which know no keys. */
export async function playNaive(
  { order, world }: OrderAct,
  { services, temporal }: Pick<KeyedOptions, 'services' | 'temporal'>,
): Promise<{ readonly counted: CountedOrder; readonly asked: readonly ServiceRequest[] }> {
  const { presses } = world.customer;
  const placed = createBarrier(presses);
  const runs: NaiveRun[] = [];
  const script = createScript(world, {
    placed: placed.opened,
    cancel: async () => void (await Promise.all(runs.map((run) => run.cancel()))),
  });
  services.play(script);
  const before = await allEffects(services.books);

  const ends = await concurrently(presses, async () => {
    // A new ID for each request: that is what is wrong with it.
    const workflowId = uuid();
    const run = await temporal.client.workflow
      .start<typeof NaiveOrderWorkflow>('NaiveOrderWorkflow', {
        workflowId,
        taskQueue: NAIVE_TASK_QUEUE,
        args: [order],
      })
      .catch((error: unknown) => {
        placed.break(error);
        throw error;
      });
    runs.push(run);
    placed.arrive().catch(() => {});
    return await endOf(run);
  });
  await script.end();
  const counted: CountedOrder = {
    orderId: order.order_id,
    totalCents: totalCentsOf(order.items),
    status: ENDS.find((end) => ends.includes(end)) ?? 'FAILED',
    answers: [...new Set(ends)],
    effects: await allEffects(services.books, before),
  };
  return { counted, asked: script.requests() };
}

/** What a customer who has sent it several times is told at last: the best of it. */
const ENDS = ['FULFILLED', 'CANCELLED', 'FAILED'] as const;

async function endOf(run: NaiveRun): Promise<(typeof ENDS)[number]> {
  try {
    await run.result();
    return 'FULFILLED';
  } catch (error) {
    const { cause } = error as Error;
    return cause instanceof CancelledFailure ? 'CANCELLED' : 'FAILED';
  }
}
