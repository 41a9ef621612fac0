import { Context } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import {
  CrashBeforeEffectError,
  crashAfterEffect,
  crashBeforeEffect,
  createBarrier,
  delay,
  type Fault,
  failTimes,
  hangPastTimeout,
  LostAcknowledgementError,
  PlantedFailureError,
  plantFaults,
  WorkerStoppedError,
} from '#testkit';

describe('a crash before the effect', () => {
  it('lets nothing happen in the first two attempts, and the third pass', async () => {
    const fault = crashBeforeEffect({ times: 2 });
    const { pay, paid } = payments([fault]);

    await expect(pay()).rejects.toThrow(CrashBeforeEffectError);
    await expect(pay()).rejects.toThrow('the effect has not happened');
    expect(paid.length, 'effects of the crashed attempts').toBe(0);

    expect(await pay()).toBe('receipt 1');
    expect(fault.strikes, 'strikes').toBe(2);
  });
});

describe('a crash after the effect', () => {
  it('does the work each time, and fails the first two attempts instead of reporting it', async () => {
    const fault = crashAfterEffect({ times: 2 });
    const { pay, paid } = payments([fault]);

    await expect(pay()).rejects.toThrow(LostAcknowledgementError);
    await expect(pay()).rejects.toThrow('The effect happened');

    expect(await pay()).toBe('receipt 3');
    expect(paid.length, 'effects').toBe(3);
    expect(fault.strikes, 'strikes').toBe(2);
  });

  it('spends no strike on an attempt that fails by itself', async () => {
    const fault = crashAfterEffect();
    const { pay } = payments([fault, failTimes(1)]);

    await expect(pay()).rejects.toThrow(PlantedFailureError);
    expect(fault.strikes, 'strikes before there was anything to lose').toBe(0);

    await expect(pay()).rejects.toThrow(LostAcknowledgementError);
  });
});

describe('failures', () => {
  it('come as often as they were ordered, and say which of how many they are', async () => {
    const { pay, paid } = payments([failTimes(2)]);

    await expect(pay()).rejects.toThrow('Failure 1 of 2');
    await expect(pay()).rejects.toThrow('Failure 2 of 2');

    expect(await pay()).toBe('receipt 1');
    expect(paid.length, 'effects').toBe(1);
  });
});

describe('a hanging attempt', () => {
  it('goes on when its barrier opens, although it was told meanwhile that it has timed out', async () => {
    const until = createBarrier(1);
    const fault = hangPastTimeout({ when: 'before effect', until });
    const { pay, paid, environment } = payments([fault]);
    const zombie = pay();

    environment.cancel('TIMED_OUT');
    await expect(environment.context.cancelled).rejects.toThrow('TIMED_OUT');
    expect(paid.length, 'effects while it hangs').toBe(0);
    await until.arrive();

    expect(await zombie).toBe('receipt 1');
    expect(await payments([fault]).pay(), 'the next attempt, which is not struck').toBe(
      'receipt 1',
    );
  });

  it.each([
    ['before effect', 0],
    ['after effect', 1],
  ] as const)('%s leaves %i effects when its worker stops first', async (when, effects) => {
    const stopping = new AbortController();
    const fault = hangPastTimeout({ when, until: createBarrier(1) });
    const { pay, paid } = payments([fault], { stopping: stopping.signal });
    const zombie = pay();

    stopping.abort();

    await expect(zombie).rejects.toThrow(WorkerStoppedError);
    expect(paid.length, 'effects').toBe(effects);
  });

  it('fails with its barrier', async () => {
    const until = createBarrier(1);
    const { pay, paid } = payments([hangPastTimeout({ when: 'before effect', until })]);
    const zombie = pay();

    until.break(new Error('planted'));

    await expect(zombie).rejects.toThrow('Only 0 of 1 arrived');
    expect(paid.length, 'effects').toBe(0);
  });
});

describe('a delay', () => {
  it('precedes each attempt', async () => {
    const fault = delay(1);
    const { pay } = payments([fault]);

    expect([await pay(), await pay()]).toEqual(['receipt 1', 'receipt 2']);
    expect(fault.strikes, 'strikes').toBe(2);
  });

  it.each(['its worker', 'its attempt'])('of an hour ends with %s', async (whose) => {
    const stopping = new AbortController();
    const { pay, paid, environment } = payments([delay(3_600_000)], { stopping: stopping.signal });
    const waiting = pay();

    if (whose === 'its worker') stopping.abort();
    else environment.cancel('TIMED_OUT');

    await expect(waiting).rejects.toThrow('aborted');
    expect(paid.length, 'effects').toBe(0);
  });
});

describe('a fault that is meant for one', () => {
  const info = {
    activityType: 'pay',
    workflowExecution: { workflowId: 'order-1', runId: 'run-1' },
  };

  it.each([
    [{}, 1],
    [{ activity: 'pay' }, 1],
    [{ workflowId: 'order-1' }, 1],
    [{ activity: 'ship' }, 0],
    [{ workflowId: 'order-2' }, 0],
    [{ activity: 'pay', workflowId: 'order-2' }, 0],
  ])('%j strikes the payment of order-1 %i times', async (target, strikes) => {
    const fault = crashBeforeEffect(target);
    const { pay, paid } = payments([fault], { info });

    await pay().catch(() => {});

    expect(fault.strikes, 'strikes').toBe(strikes);
    expect(paid.length, 'effects').toBe(1 - strikes);
  });
});

/** An activity that pays, behind faults. */
function payments(
  faults: readonly Fault[],
  { info, stopping }: { info?: Partial<Context['info']>; stopping?: AbortSignal } = {},
) {
  const { activity: interceptors = [] } = plantFaults(faults, stopping);
  const logger = new DefaultLogger('ERROR', () => {});
  const environment = new MockActivityEnvironment(info, { interceptors, logger });
  const paid: number[] = [];
  const pay = () =>
    environment.run(async () => `receipt ${paid.push(Context.current().info.attempt)}`);
  return { environment, pay, paid };
}
