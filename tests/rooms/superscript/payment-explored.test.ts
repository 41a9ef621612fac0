/** Every crash of every activity of a payment: with keys, and without. */
import { describe, expect } from 'vitest';
import { newOrderId, openPlace } from '#fixtures/superscript/place';
import {
  createNaivePaymentActivities,
  createPaymentActivities,
  createPayments,
  naivePaymentWorkflowId,
  type PaymentLedger,
  superscriptWorkerOptions,
} from '#systems/superscript';
import { startOrJoin } from '#temporal';
import { type Asked, explore, format, WINDOWS } from '#testkit';
import { it } from '#testkit/vitest';

describe('a payment of two steps, whatever goes wrong and wherever', () => {
  it('has one line a step in the ledger', async ({ temporal }) => {
    await using place = await openPlace();

    const table = await explore({
      temporal,
      scenarios: { happy: {} },
      start: ({ client, taskQueue, key }: Asked<object>) =>
        createPayments({ client, taskQueue }).start({ orderId: orderOf(key) }),
      worker: ({ taskQueue }) => ({
        ...superscriptWorkerOptions({ ...place, taskQueue }),
        activities: createPaymentActivities(place),
      }),
      observe: ({ key }) => linesOf(place.ledger, key),
    });

    expect(table).toHaveOneEffectEverywhere();
    const cells = table.rows.flatMap((row) => row.cells);
    expect(cells.length, 'activities x windows').toBe(2 * WINDOWS.length);
    expect(table.baselines).toMatchObject([{ steps: { collect: 1, confirm: 1 } }]);
  });

  it('has two in 4 of 8 windows where the whole script is one activity without keys', async ({
    temporal,
  }) => {
    await using place = await openPlace();

    const table = await explore({
      temporal,
      scenarios: { happy: {} },
      start: ({ client, taskQueue, key }: Asked<object>) =>
        startOrJoin(client, 'NaivePaymentCollectionWorkflow', {
          workflowId: naivePaymentWorkflowId(orderOf(key)),
          taskQueue,
          args: [{ order_id: orderOf(key) }],
          workflowExecutionTimeout: '1 minute',
        }),
      worker: ({ taskQueue }) => ({
        ...superscriptWorkerOptions({ ...place, taskQueue }),
        activities: createNaivePaymentActivities(place),
      }),
      observe: ({ key }) => linesOf(place.ledger, key),
    });

    expect(format(table)).toBe(WITHOUT_KEYS);
  });
});

const WITHOUT_KEYS = `
                   before  after     zombie    worker    evicted  asked      asked  reset
                   the     the                 gone               again      again
                   effect  effect                                 meanwhile  after
                                                                             the
                                                                             close
happy  payNaively  one     many (2)  many (2)  many (2)  one      one        one    many (2)
`.slice(1, -1);

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
