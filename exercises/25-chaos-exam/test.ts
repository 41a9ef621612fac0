import { activityInfo } from '@temporalio/activity';
import { describe } from 'vitest';
import { it } from '#exercises';
import {
  CrashBeforeEffectError,
  holdActivityUntilOpen,
  LostAcknowledgementError,
  resetToStart,
} from '#testkit';
import { clientThatArrives } from './shared/clients.ts';
import { type Planned, planOf } from './shared/plan.ts';
import { tally } from './shared/tally.ts';
import type * as Activities from './solution/activities.ts';
import type * as Fees from './solution/client.ts';

/** SEED=17 deals the same troubles to the same orders again. */
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000));

describe('twelve orders, and all that this workshop knows to go wrong', () => {
  it('are paid once each, and every client hears of its entry', async ({
    bank,
    claim,
    load,
    recorder,
    runWorker,
    temporal,
  }) => {
    const { createFees } = await load<typeof Fees>('client.ts');
    const { createActivities } = await load<typeof Activities>('activities.ts');
    const { client, taskQueue } = temporal;
    const plan = planOf(seed);
    const of = new Map(plan.map((planned) => [planned.order.id, planned]));
    const runs = new Map<string, string>();
    const { deductFee } = createActivities(bank);
    const struck = new Set<string>();
    let resets = 0;
    bank.open('ann', 100);
    bank.open('carl', 100);
    await using _worker = await runWorker({
      workflows: 'shared/workflows.ts',
      activities: {
        async deductFee(order: Planned['order']) {
          const { attempt, workflowExecution } = activityInfo();
          runs.set(order.id, workflowExecution?.workflowId ?? '');
          const planned = of.get(order.id);
          // Its next attempt waits for nobody, should somebody not come.
          if (planned && attempt === 1) await holdActivityUntilOpen(planned.allHaveStarted);
          const trouble = struck.has(order.id) ? 'well' : planned?.first;
          if (trouble !== 'well') struck.add(order.id);
          if (trouble === 'before effect') throw new CrashBeforeEffectError();
          const entry = await deductFee(order);
          if (trouble === 'answer lost') throw new LostAcknowledgementError();
          return entry;
        },
      },
    });
    const answers: { order: Planned['order']; entry: number | undefined }[] = [];
    const ask = async (name: string, { order, allHaveStarted }: Planned) => {
      const fees = createFees(clientThatArrives(client, allHaveStarted), taskQueue);
      const entry = await recorder
        .request({ client: name, about: order.id.slice(0, 4) }, async () => {
          const number = await fees.pay(order);
          return { outcome: `entry ${number}`, number };
        })
        .then(
          ({ number }) => number,
          () => undefined,
        );
      answers.push({ order, entry });
    };
    const names = plan.map((_, index) => `order ${index + 1}`);

    await Promise.all(
      plan.flatMap((planned, index) =>
        Array.from({ length: planned.copies }, () => ask(names[index] ?? '', planned)),
      ),
    );
    for (const { order } of plan.filter(({ isReset }) => isReset)) {
      const workflowId = runs.get(order.id) ?? '';
      const runId = await resetToStart(client, workflowId);
      await client.workflow.getHandle(workflowId, runId).result();
      resets += 1;
    }
    for (const [index, planned] of plan.entries()) {
      if (planned.isLate) await ask(names[index] ?? '', planned);
    }

    const book = bank.entries();
    const { tooMany, tooFew, feesOf } = tally(plan, book);
    const heard = answers.filter(({ entry }) => entry !== undefined);
    const wrong = heard.filter(({ order, entry }) => {
      const found = book.find(({ id }) => id === entry);
      return found?.account !== order.customer || found.amount !== -order.amount;
    });
    claim(
      'TROUBLE-CAME',
      `all of it has happened (SEED=${seed} repeats it)`,
      struck.size + resets,
      6 + 4,
    );
    claim('TWENTY-FOUR-CLIENTS', 'copies and late ones have asked', answers.length, 12 + 8 + 4);
    claim('NO-ORDER-TWICE', 'no fee is taken again', tooMany, 0);
    claim('EVERY-ORDER-PAID', 'no fee is missing', tooFew, 0);
    claim(
      'LEDGER-EQUALS-ORDERS',
      'ann and carl hold 100, less their orders',
      [bank.balance('ann'), bank.balance('carl')],
      [100 - feesOf('ann'), 100 - feesOf('carl')],
    );
    claim(
      'EVERY-CLIENT-ANSWERED',
      'no client is left with an error',
      answers.length - heard.length,
      0,
    );
    claim('ANSWERS-ARE-TRUE', 'no client hears of an entry that is not its own', wrong.length, 0);
  });
});
