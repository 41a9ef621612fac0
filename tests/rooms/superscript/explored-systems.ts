import { newOrderId, type openPlace } from '#fixtures/superscript/place';
import {
  createNaivePaymentActivities,
  createPaymentActivities,
  createPayments,
  naivePaymentWorkflowId,
  type PaymentLedger,
  superscriptWorkerOptions,
} from '#systems/superscript';
import { startOrJoin } from '#temporal';
import type { Asked } from '#testkit';

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

/** The explorer's keys are no order IDs: each gets digits of its own. */
const orders = new Map<string, string>();

function orderOf(key: string): string {
  const digits = orders.get(key) ?? newOrderId();
  orders.set(key, digits);
  return digits;
}

async function linesOf(ledger: PaymentLedger, key: string) {
  const effects = (await ledger.effects()).filter(({ orderId }) => orderId === orderOf(key));
  return ['collect', 'confirm'].map((step) => ({
    step,
    count: effects.filter((effect) => effect.step === step).length,
  }));
}
