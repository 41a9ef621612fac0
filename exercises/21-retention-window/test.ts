import { v4 as uuid } from 'uuid';
import { describe } from 'vitest';
import { it } from '#exercises';
import { forgetRun } from '#testkit';
import { payFee } from './shared/client.ts';
import type * as Module from './solution/activities.ts';

describe('an order that comes back when Temporal has forgotten it', () => {
  it('is answered as before, and pays nothing more', async ({
    bank,
    claim,
    load,
    recorder,
    runWorker,
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    const orderId = uuid();
    const ask = (name: string, order: string) =>
      recorder.request({ client: name, about: order }, () => payFee(client, taskQueue, order));
    const startProcess = async (name: string) => {
      const { createActivities } = await load<typeof Module>('activities.ts', name);
      const activities = createActivities(bank);
      return await runWorker({ workflows: 'shared/workflows.ts', activities });
    };
    bank.open('alice', 100);
    const written = () => bank.entries('alice').length;

    const counts: number[] = [];
    const answers = [];
    {
      await using _worker = await startProcess('before');
      answers.push(await ask('alice', orderId));
      answers.push(await ask('alice, a minute later', orderId));
      counts.push(written());
      await ask('alice, for another order', uuid());
      counts.push(written());
    }
    // What the end of its retention does to a run.
    await forgetRun(client, `fee-${orderId}`);
    {
      // Another process loads the code anew: what the first one had in memory has ended with it.
      await using _worker = await startProcess('after');
      answers.push(await ask('alice, a month later', orderId));
      counts.push(written());
    }

    const [first, soon, late] = answers;
    const [whileKnown = 0, withTheOther = 0, inTheEnd = 0] = counts;
    claim(
      'ONE-RUN',
      'who asks again soon is told of the same run',
      soon?.runId === first?.runId,
      true,
    );
    claim('ONCE-WHILE-KNOWN', 'the order pays once while Temporal knows it', whileKnown, 1);
    claim('OTHER-ORDER-PAYS', 'another order pays as well', withTheOther - whileKnown, 1);
    claim('ANOTHER-RUN', 'a month later there is another run', late?.runId === first?.runId, false);
    claim(
      'STILL-ONE-DEDUCTION',
      'the bank has one deduction of the order',
      whileKnown + inTheEnd - withTheOther,
      1,
    );
    claim('SAME-ANSWER', 'a month later the answer is the same', late?.outcome, '90');
  });
});
