/** Every crash of every step of an order as it is first written: the control of explored.test.ts. */
import { describe, expect } from 'vitest';
import { orderWorkflowId } from '#systems/orders';
import { explore, format, problemsOf } from '#testkit';
import { it } from '#testkit/vitest';
import { naiveIn } from './explored-systems.ts';
import { openWorld, SCENARIOS } from './explored-world.ts';

describe('a naive saga, when a report is lost or a run is reset', () => {
  it('ends badly in 21 of 28 places: it charges, ships, refunds and sends twice', async ({
    temporal,
  }) => {
    const { workflow } = temporal.client;
    await using world = await openWorld({
      naive: true,
      cancel: async (key) => void (await workflow.getHandle(orderWorkflowId(key)).cancel()),
    });

    const table = await explore({
      temporal,
      scenarios: SCENARIOS,
      windows: ['after the effect', 'reset'],
      ...naiveIn(world),
    });

    expect(format(table)).toBe(WITHOUT_KEYS);
    expect(problemsOf(table)).toEqual(expect.arrayContaining(HOW));
    const cancelled = table.baselines.find(({ scenario }) => scenario === 'cancelled');
    expect(cancelled?.steps, 'cancelled, and nothing else goes wrong').toEqual({
      charges: 1,
      opened: 1,
      'prices kept for nothing': 1,
    });
  });
});

const WITHOUT_KEYS = `
                                         after     reset
                                         the
                                         effect
happy             ValidateOrder          many (2)  many (2)
happy             ProcessPayment         many (2)  many (2)
happy             FulfillOrder           many (2)  many (2)
happy             SendOrderConfirmation  many (2)  many (2)
declined          ValidateOrder          many (2)  many (2)
declined          ProcessPayment         one       one
declined          CancelOrder            one       one
fulfilment fails  ValidateOrder          many (2)  many (2)
fulfilment fails  ProcessPayment         many (2)  many (2)
fulfilment fails  FulfillOrder           one       one
fulfilment fails  RefundPayment          many (2)  many (2)
cancelled         ValidateOrder          many (2)  many (2)
cancelled         ProcessPayment         many (2)  many (2)
cancelled         FulfillOrder           one       other
`.slice(1, -1);

/** Two charges for one order, two shipments of what was paid once, and a refund that was given twice. */
const HOW = [
  'happy / ProcessPayment / after the effect: many (2). attempts: 1 failed, 2 completed; charges: 2 instead of 1; prices kept for nothing: 1 instead of 0',
  'happy / FulfillOrder / after the effect: many (2). attempts: 1 failed, 2 completed; shipments: 2 instead of 1; prices given away: 1 instead of 0',
];
