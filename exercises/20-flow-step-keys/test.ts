import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import { type Fault, LostAcknowledgementError } from '#testkit';
import { CART } from './shared/flow.ts';
import { createOutbox } from './shared/outbox.ts';
import type * as Activities from './solution/activities.ts';

describe('a flow of five visits to four steps, each of whose first answers is lost,', () => {
  it('sends what it says, and so does the next one', async ({
    claim,
    load,
    recorder,
    runWorker,
    temporal,
  }) => {
    const { createActivities } = await load<typeof Activities>('activities.ts');
    const outbox = createOutbox(recorder);
    const { client, taskQueue } = temporal;
    const [flowId, nextFlowId] = [`cart-${uuid()}`, `cart-${uuid()}`];
    await using _worker = await runWorker({
      workflows: 'shared/workflows.ts',
      activities: createActivities(outbox),
      faults: [loseFirstAnswers(flowId)],
    });
    const run = (name: string, workflowId: string) =>
      recorder.request(name, async () => {
        const args = [workflowId, CART];
        await client.workflow.execute('RunFlow', { workflowId, taskQueue, args });
        return { outcome: 'done' };
      });

    await run('ann’s cart', flowId);
    const sent = outbox.sent();
    await run('carl’s cart', nextFlowId);

    const visits = await temporal.attempts(flowId);
    const count = (what: string) =>
      sent.filter(({ node, step }) => node === what || step === what).length;
    claim(
      'EACH-VISIT-TRIED-TWICE',
      'five visits have two attempts each',
      visits.map(({ attempts }) => attempts),
      [2, 2, 2, 2, 2],
    );
    claim('ONE-GREETING', 'ann is greeted once', count('greet'), 1);
    claim('TWO-REMINDERS', 'ann is reminded twice', count('remind'), 2);
    claim('TWO-WEBHOOKS', 'two companies are told', count('webhook'), 2);
    claim(
      'NEXT-FLOW-SENDS-TOO',
      'carl’s cart sends five things as well',
      outbox.sent().length - sent.length,
      5,
    );
  });
});

/** Each first attempt has its effect, and cannot tell of it. */
function loseFirstAnswers(workflowId: string): Fault {
  let strikes = 0;
  return {
    name: 'first answers are lost',
    get strikes() {
      return strikes;
    },
    async attempt({ info }, run) {
      const result = await run();
      if (info.attempt > 1 || info.workflowExecution?.workflowId !== workflowId) return result;
      strikes += 1;
      throw new LostAcknowledgementError();
    },
  };
}
