import type { Context } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import {
  CrashBeforeEffectError,
  failRandomly,
  failTimes,
  LostAcknowledgementError,
  PlantedFailureError,
  plantFaults,
  type RandomFault,
  type RandomStrike,
} from '#testkit';

const SEED = 7;
const ORDERS = Array.from({ length: 1_000 }, (_, index) => `order-${index + 1}`);

describe('failures at random', () => {
  it('strike 34 of 100 attempts before their effect, and 34 of 100 effects before their report', async () => {
    const fault = failRandomly({ percent: 34, seed: SEED });
    const { effects, passed } = await payAll(ORDERS, fault);

    const [before, after] = [struck(fault, 'before effect'), struck(fault, 'after effect')];
    expect(effects, 'effects').toBe(ORDERS.length - before.length);
    expect(passed, 'attempts that pass').toBe(effects - after.length);
    expect(fault.strikes, 'strikes').toBe(before.length + after.length);
    // Three standard deviations of a thousand draws.
    expect(Math.abs(before.length / ORDERS.length - 0.34), 'before').toBeLessThan(0.045);
    expect(Math.abs(after.length / effects - 0.34), 'after').toBeLessThan(0.055);
  });

  it('strike the same attempts with the same seed, whoever comes first, and others with another seed', async () => {
    const [one, turned, other] = [SEED, SEED, SEED + 1].map((seed) =>
      failRandomly({ percent: 34, seed }),
    ) as [RandomFault, RandomFault, RandomFault];
    await payAll(ORDERS, one);
    await payAll(ORDERS.toReversed(), turned);
    await payAll(ORDERS, other);

    expect(turned.struck, 'in the order in which they came').not.toEqual(one.struck);
    expect(names(turned), 'with the same seed').toEqual(names(one));
    expect(names(other), 'with another seed').not.toEqual(names(one));
  });

  it('draw for each attempt and each activity anew: who fails at first does not fail for ever', async () => {
    const fault = failRandomly({ percent: 34, seed: SEED });
    const outcomes = new Set<string>();
    for (const activityType of ['pay', 'ship']) {
      const which = await Promise.all(
        ORDERS.slice(0, 20).map((order) => attemptsOf(fault, order, activityType)),
      );
      outcomes.add(which.join());
      expect(Math.max(...which), 'attempts of the unluckiest').toBeLessThan(20);
    }
    expect(outcomes.size, 'one pattern for each activity').toBe(2);
  });

  it('say with a name of their own where they struck, and list it', async () => {
    const fault = failRandomly({ percent: 100, seed: SEED });
    const never = failRandomly({ percent: 0, seed: SEED });

    await expect(pay('order-1', [fault]).paid).rejects.toThrow(CrashBeforeEffectError);
    await expect(pay('order-1', [never]).paid).resolves.toBe('receipt');
    expect(fault.struck).toEqual([
      { workflowId: 'order-1', activity: 'pay', attempt: 1, when: 'before effect' },
    ]);
    expect(never.strikes, 'strikes with 0 %').toBe(0);
    const lost = pay(await struckAfter(), [failRandomly({ percent: 34, seed: SEED })]);
    await expect(lost.paid).rejects.toThrow(LostAcknowledgementError);
    expect(lost.effects(), 'effects whose report was lost').toBe(1);
  });

  it('spend no strike on an attempt that fails by itself', async () => {
    const order = await struckAfter();
    const fault = failRandomly({ percent: 34, seed: SEED });

    await expect(pay(order, [fault, failTimes(1)]).paid).rejects.toThrow(PlantedFailureError);
    expect(fault.strikes, 'strikes before there was anything to lose').toBe(0);
  });

  it.each([
    [{ activity: 'pay' }, 1],
    [{ activity: 'ship' }, 0],
    [{ workflowId: 'order-2' }, 0],
  ])('that are meant for %j strike the payment of order-1 %i times', async (target, strikes) => {
    const fault = failRandomly({ percent: 100, seed: SEED, ...target });
    await pay('order-1', [fault]).paid.catch(() => {});

    expect(fault.strikes, 'strikes').toBe(strikes);
  });

  it.each([-1, 101, Number.NaN])('are refused with %d %%', (percent) => {
    expect(() => failRandomly({ percent, seed: SEED })).toThrow('a number from 0 to 100');
  });
});

/** The first attempt of each order. */
async function payAll(orders: readonly string[], fault: RandomFault) {
  const payments = orders.map((order) => pay(order, [fault]));
  const ended = await Promise.allSettled(payments.map(({ paid }) => paid));
  return {
    effects: payments.reduce((sum, { effects }) => sum + effects(), 0),
    passed: ended.filter(({ status }) => status === 'fulfilled').length,
  };
}

function pay(workflowId: string, faults: Parameters<typeof plantFaults>[0], info = {}) {
  const { activity: interceptors = [] } = plantFaults(faults);
  const of: Partial<Context['info']> = {
    activityType: 'pay',
    attempt: 1,
    workflowExecution: { workflowId, runId: 'run' },
    ...info,
  };
  const logger = new DefaultLogger('ERROR', () => {});
  const environment = new MockActivityEnvironment(of, { interceptors, logger });
  let effects = 0;
  const paid = environment.run(async () => {
    effects += 1;
    return 'receipt';
  });
  return { paid, effects: () => effects };
}

/** How many attempts an order needs; infinitely many where fifty do not do. */
async function attemptsOf(fault: RandomFault, order: string, activityType: string) {
  for (let attempt = 1; attempt <= 50; attempt += 1) {
    const { paid } = pay(order, [fault], { activityType, attempt });
    if ((await paid.catch(() => 'failed')) === 'receipt') return attempt;
  }
  return Infinity;
}

/** An order whose first attempt fails after its effect. */
async function struckAfter(): Promise<string> {
  const fault = failRandomly({ percent: 34, seed: SEED });
  await payAll(ORDERS, fault);
  return struck(fault, 'after effect')[0]?.workflowId ?? '';
}

function struck(fault: RandomFault, when: RandomStrike['when']) {
  return fault.struck.filter((strike) => strike.when === when);
}

function names(fault: RandomFault): readonly string[] {
  return fault.struck.map((strike) => JSON.stringify(strike)).toSorted();
}
