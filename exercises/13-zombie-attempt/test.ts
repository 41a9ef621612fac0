import { activityInfo } from '@temporalio/activity';
import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import { createBarrier, holdPastTimeout } from '#testkit';
import { createLabelStore } from './shared/label-store.ts';
import type * as Module from './solution/activities.ts';

describe('an attempt that goes on after its order has been answered', () => {
  it('leaves the label that the customer was told of', async ({
    claim,
    load,
    recorder,
    runWorker,
    temporal,
  }) => {
    const { createActivities } = await load<typeof Module>('activities.ts');
    const slowCarrier = uuid();
    const slowWrite = uuid();
    const lostAnswer = uuid();
    const isAnswered = createBarrier(1);
    const zombiesAreOver = createBarrier(2);
    const holdFirst = async (order: string, orderId: string) => {
      if (orderId === order && activityInfo().attempt === 1) await holdPastTimeout(isAnswered);
    };
    const store = createLabelStore({
      onItsWay: (orderId) => holdFirst(slowWrite, orderId),
      onWrite: (about, what, came) => recorder.ledger({ what, came, about }),
    });
    const carrier: Module.Carrier = {
      async print(orderId) {
        const label = `label-from-attempt-${activityInfo().attempt}`;
        await holdFirst(slowCarrier, orderId);
        return label;
      },
    };
    const own = createActivities(carrier, store);
    const activities = {
      async printLabel(orderId: string) {
        const isFirst = activityInfo().attempt === 1;
        try {
          const label = await own.printLabel(orderId);
          if (isFirst && orderId === lostAnswer) throw new Error('The answer is lost');
          return label;
        } finally {
          if (isFirst && orderId !== lostAnswer) void zombiesAreOver.arrive();
        }
      },
    };
    const ask = async (orderId: string) => {
      const { outcome } = await recorder.request(
        { client: 'customer', about: orderId },
        async () => {
          const label: Promise<string> = temporal.client.workflow.execute('LabelOrder', {
            workflowId: `label-${orderId}`,
            workflowExecutionTimeout: '10 seconds',
            taskQueue: temporal.taskQueue,
            args: [orderId],
          });
          return { outcome: await label.catch((error: Error) => error.name) };
        },
      );
      return outcome;
    };

    const told: string[] = [];
    {
      await using _worker = await runWorker({ workflows: 'shared/workflows.ts', activities });
      told.push(...(await Promise.all([slowCarrier, slowWrite, lostAnswer].map(ask))));
      await isAnswered.arrive();
      await zombiesAreOver.opened;
    } // The worker has stopped: all attempts have ended.
    const [ofSlowCarrier, ofSlowWrite, ofLostAnswer] = told;

    const { attempts, requests } = recorder.evidence();
    const zombies = attempts.filter(({ attempt, workflowId, ended }) => {
      const answered = requests.find(({ about }) => workflowId === `label-${about}`)?.answered;
      return attempt === 1 && ended && answered && ended.order > answered.order;
    });
    claim('TWO-ZOMBIES', 'two attempts went on when all was answered', zombies.length, 2);
    claim(
      'STORE-AGREES/SLOW-CARRIER',
      'slow carrier: store and customer have one label',
      await store.read(slowCarrier),
      ofSlowCarrier,
    );
    claim(
      'STORE-AGREES/SLOW-WRITE',
      'slow write: store and customer have one label',
      await store.read(slowWrite),
      ofSlowWrite,
    );
    claim(
      'STORE-AGREES/ANSWER-LOST',
      'lost answer: store and customer have one label',
      await store.read(lostAnswer),
      ofLostAnswer,
    );
  });
});
