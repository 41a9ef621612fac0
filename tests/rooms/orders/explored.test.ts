/** Crashes of every step of an order, and of every compensation. Of its first four scenarios the atlas has all windows. */
import { describe, expect } from 'vitest';
import { createOrders } from '#systems/orders';
import { type ExploreOptions, explore } from '#testkit';
import { it } from '#testkit/vitest';
import { durableIn } from './explored-systems.ts';
import { openWorld, SCENARIOS, type Scenario } from './explored-world.ts';

const ASKING = ['FindPayment', 'ResolvePayment', 'joinPayment'];
const COMPENSATIONS = ['RefundPayment', 'CancelOrder', 'WithdrawShipment'];

interface Part extends Pick<ExploreOptions<Scenario>, 'scenarios' | 'windows'> {
  readonly name: string;
  /** Activities that none of its scenarios reaches; each is in another part. */
  readonly neverRun: readonly string[];
}

const PARTS: readonly Part[] = [
  {
    name: 'shipped, declined, refused by the fulfilment, or cancelled in the middle',
    scenarios: SCENARIOS,
    windows: ['after the effect', 'reset'],
    neverRun: ASKING,
  },
  {
    name: 'charged without an answer, told by a webhook, or paid before',
    scenarios: {
      'charged unheard': { sku: 'tea', customer: 'unheard' },
      'told by a webhook': { sku: 'tea', customer: 'told' },
      'paid before': { sku: 'tea', customer: 'prepaid' },
    },
    windows: ['after the effect'],
    neverRun: COMPENSATIONS,
  },
];

const SHIPPED = { charges: 1, shipments: 1, mails: 1, opened: 1, fulfilled: 1 };
const REFUNDED = { charges: 1, refunds: 1, opened: 1, cancelled: 1 };
/** What each comes to without a fault: no cents are kept for nothing, and none are given away. */
const COMES_TO: Record<string, { ending: string; steps: object }> = {
  happy: { ending: 'completed', steps: SHIPPED },
  'fulfilment fails': { ending: 'failed: FulfilmentRefusedError', steps: REFUNDED },
  declined: { ending: 'failed: PaymentDeclinedError', steps: { opened: 1, cancelled: 1 } },
  cancelled: { ending: 'completed', steps: REFUNDED },
  'charged unheard': { ending: 'completed', steps: SHIPPED },
  'told by a webhook': { ending: 'completed', steps: SHIPPED },
  'paid before': { ending: 'completed', steps: SHIPPED },
};

describe('an order, whatever goes wrong and wherever', () => {
  it.for(PARTS)(
    'keeps the price of what was shipped, and nothing else; $name',
    async ({ neverRun, ...part }, { temporal }) => {
      const orders = createOrders(temporal);
      await using world = await openWorld({
        cancel: (key) => orders.cancel(key, 'not any more'),
        onCharge({ reference, customer_id }) {
          if (customer_id.startsWith('told')) void orders.paymentEvent(reference);
        },
      });

      // A busy machine is slow, which is not stuck.
      const table = await explore({
        temporal,
        ...durableIn(world),
        ...part,
        cellWithinMs: 60_000,
      });

      expect({ ...table, neverRun: [] }).toHaveOneEffectEverywhere();
      expect(table.neverRun.toSorted(), 'reached in another part').toEqual(neverRun.toSorted());
      for (const { scenario, ending, steps } of table.baselines) {
        expect({ ending, steps }, `the scenario ${scenario}`).toEqual(COMES_TO[scenario]);
      }
    },
  );
});
