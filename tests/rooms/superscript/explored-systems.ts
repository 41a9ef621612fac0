import { newOrderId, type openPlace } from '#fixtures/superscript/place';
import {
  createBatches,
  createNaivePaymentActivities,
  createPaymentActivities,
  createPayments,
  naivePaymentWorkflowId,
  type PaymentLedger,
  superscriptWorkerOptions,
} from '#systems/superscript';
import { startOrJoin } from '#temporal';
import type { Asked } from '#testkit';
import type { createInstantScripts } from './instant-scripts.ts';

type Place = Awaited<ReturnType<typeof openPlace>>;

/** The payments of this place, for `explore`. */
export function durableIn(place: Place) {
  return {
    start: ({ client, taskQueue, key }: Asked<object>) =>
      createPayments({ client, taskQueue }).start({ orderId: orderOf(key) }),
    worker: ({ taskQueue }: { readonly taskQueue: string }) => ({
      ...superscriptWorkerOptions({ ...place, taskQueue }),
      activities: createPaymentActivities(place),
    }),
    observe: ({ key }: { readonly key: string }) => linesOf(place.ledger, key),
  };
}

/** The same, where the whole script is one activity without keys. */
export function naiveIn(place: Place) {
  return {
    start: ({ client, taskQueue, key }: Asked<object>) =>
      startOrJoin(client, 'NaivePaymentCollectionWorkflow', {
        workflowId: naivePaymentWorkflowId(orderOf(key)),
        taskQueue,
        args: [{ order_id: orderOf(key) }],
        workflowExecutionTimeout: '1 minute',
      }),
    worker: ({ taskQueue }: { readonly taskQueue: string }) => ({
      ...superscriptWorkerOptions({ ...place, taskQueue }),
      activities: createNaivePaymentActivities(place),
    }),
    observe: ({ key }: { readonly key: string }) => linesOf(place.ledger, key),
  };
}

const STEPS = ['collect', 'confirm'] as const;

/** A batch of three payments. The last one is somebody else's: the batch joins it, whether it still runs or not. */
export function batchIn(till: ReturnType<typeof createInstantScripts>) {
  return {
    async start({ client, taskQueue, key }: Asked<object>) {
      const orderIds = threeOf(key);
      await createPayments({ client, taskQueue }).start({ orderId: orderIds[2] });
      const batch = { orderIds, date: '2026-11-03' };
      const { batchId, ...run } = await createBatches({ client, taskQueue }).start(batch);
      return { ...run, workflowId: batchId };
    },
    worker({ taskQueue }: { readonly taskQueue: string }) {
      const options = superscriptWorkerOptions({ ...till, taskQueue });
      const { payNaively: _elsewhere, ...activities } = options.activities;
      return { ...options, activities };
    },
    observe: ({ key }: { readonly key: string }) =>
      threeOf(key).flatMap((orderId, place) =>
        STEPS.map((step) => ({
          step: `${step} ${place + 1}`,
          count: till.effectsOf(orderId, step),
        })),
      ),
  };
}

function threeOf(key: string): readonly [string, string, string] {
  return [orderOf(key), orderOf(`${key}, the second`), orderOf(`${key}, the third`)];
}

/** The explorer's keys are no order IDs: each gets digits of its own. */
const orders = new Map<string, string>();

function orderOf(key: string): string {
  const digits = orders.get(key) ?? newOrderId();
  orders.set(key, digits);
  return digits;
}

async function linesOf(ledger: PaymentLedger, key: string) {
  const effects = (await ledger.effects()).filter(({ orderId }) => orderId === orderOf(key));
  return STEPS.map((step) => ({
    step,
    count: effects.filter((effect) => effect.step === step).length,
  }));
}
