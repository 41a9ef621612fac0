/**
 * Chapter 31. Two ways through one flow
 *
 * Claim     Which steps a flow takes is data: what a step says when it is done picks the next one. Each step that was
 *           taken has one effect, even where its report is lost, and a step that was not taken has none.
 * Method    The six steps of an abandoned cart. One client answers, and one does not in time. Then both again, with the
 *           first report of each activity lost.
 * Evidence  The path that the run tells, the timer in its history, the outbox, and what the other company received.
 * Control   The same flow over effects whose key is new with each attempt: each step's effect is there twice.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { openFlows } from '#fixtures/flows/house';
import { untilWaiting } from '#fixtures/flows/until-waiting';
import {
  type FlowDefinition,
  type FlowResult,
  flowWorkflowId,
  type OutboxEffect,
  stepKey,
} from '#systems/flows';
import { type Fault, LostAcknowledgementError } from '#testkit';
import { it } from '#testkit/vitest';

const CART = { customer_id: 'ann', creator_id: 'carl' };

describe.concurrent('a flow that asks whether its client still wants the cart', () => {
  it('goes [1, 2, 3] where the client answers: the timer is cancelled, and its creator reads the answer', async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal);
    const { flows, outbox, receiver } = house;
    const name = newName();

    const definition = abandonedCart({ answerWithinSeconds: 60 });
    const run = await flows.start({ name, definition, input: CART });
    const { visited, current } = await untilWaiting(flows, name, 'client-answered');
    expect([visited.map(({ step }) => step), current]).toEqual([['step_1'], 'step_2']);
    const payload = { wants: 'the teapot' };
    await flows.signal(name, 'client-answered', { signal_id: 'answer-1', payload });
    const result = await run.result();

    expect(pathOf(result)).toEqual(['step_1', 'step_2', 'step_3']);
    expect(await timers(temporal.history(name))).toEqual(['TimerStarted', 'TimerCanceled']);
    expect(await outbox.effects()).toMatchObject([
      { key: stepKey(name, 'step_1', 1), kind: 'message', to: 'ann' },
      {
        key: stepKey(name, 'step_3', 1),
        kind: 'notification',
        to: 'carl',
        text: `Your client has answered. ${JSON.stringify(payload)}`,
      },
    ]);
    expect(receiver.received, 'webhooks of a step that was not taken').toEqual([]);
  });

  it('goes [1, 2, 4, 5, 6] where the client does not: the timer fires, and nobody reads an answer', async ({
    temporal,
  }) => {
    await using house = await openFlows(temporal);
    const { flows, outbox, receiver } = house;
    const name = newName();

    const definition = abandonedCart({ answerWithinSeconds: 0.1 });
    const result = await (await flows.start({ name, definition, input: CART })).result();

    expect(pathOf(result)).toEqual(['step_1', 'step_2', 'step_4', 'step_5', 'step_6']);
    expect(result.results.step_2?.event).toBe('condition_timeout');
    const waits = ['for an answer', 'on purpose'].flatMap(() => ['TimerStarted', 'TimerFired']);
    expect(await timers(temporal.history(name))).toEqual(waits);
    expect(await outbox.effects()).toMatchObject([
      { key: stepKey(name, 'step_1', 1), kind: 'message', to: 'ann' },
      { key: stepKey(name, 'step_6', 1), kind: 'message', to: 'ann' },
    ]);
    expect(receiver.received).toMatchObject([
      { key: `"${stepKey(name, 'step_4', 1)}"`, body: { step: 'step_4', input: CART } },
    ]);
  });

  it.for([
    ['keyed', 'has one effect a step', 1],
    ['naive', 'has two effects a step', 2],
  ] as const)(
    '%s: it %s on either way where each first report is lost',
    async ([nodes, , times], { temporal }) => {
      const [answered, unanswered] = [newName(), newName()];
      const lost = loseFirstReports();
      await using house = await openFlows(temporal, { nodes, faults: [lost] });
      const { flows, outbox, receiver } = house;
      const start = async (name: string, answerWithinSeconds: number) => {
        const definition = abandonedCart({ answerWithinSeconds });
        return await flows.start({ name, definition, input: CART });
      };

      const withAnswer = await start(answered, 60);
      const without = await start(unanswered, 0.1);
      await untilWaiting(flows, answered, 'client-answered');
      await flows.signal(answered, 'client-answered', { signal_id: 'answer-1' });
      const paths = [pathOf(await withAnswer.result()), pathOf(await without.result())];

      // Of the effects on either way, and of the look at each definition.
      expect(lost.strikes, 'lost reports').toBe(2 + 3 + 2);
      expect(paths).toEqual([
        ['step_1', 'step_2', 'step_3'],
        ['step_1', 'step_2', 'step_4', 'step_5', 'step_6'],
      ]);
      expect(entriesByStep(await outbox.effects())).toEqual({
        [`${answered}/step_1`]: times,
        [`${answered}/step_3`]: times,
        [`${unanswered}/step_1`]: times,
        [`${unanswered}/step_6`]: times,
      });
      // A lost report is a second request, whoever sends it. Only its key tells the receiver that it is one webhook.
      const keys = receiver.received.map(({ key }) => key);
      expect(keys.length, 'requests').toBe(2);
      expect(new Set(keys).size, 'webhooks, by their keys').toBe(times);
    },
  );
});

/** Each first attempt has its effect and cannot tell of it. */
function loseFirstReports(): Fault {
  let strikes = 0;
  return {
    name: 'first reports are lost',
    get strikes() {
      return strikes;
    },
    async attempt({ info }, run) {
      const result = await run();
      if (info.attempt > 1) return result;
      strikes += 1;
      throw new LostAcknowledgementError();
    },
  };
}

/** The six steps; how long a client may take to answer is up to the test. */
function abandonedCart({ answerWithinSeconds: timeout_seconds }: { answerWithinSeconds: number }) {
  return {
    name: 'abandoned_cart',
    version: '1',
    start_step: 'step_1',
    steps: {
      step_1: { node: 'send_message', go_to: 'step_2' },
      step_2: {
        node: 'wait_answer',
        config: { timeout_seconds },
        condition: { satisfied: 'step_3', timeout: 'step_4' },
      },
      step_3: { node: 'notify_creator' },
      step_4: { node: 'webhook', go_to: 'step_5' },
      step_5: { node: 'explicit_wait', config: { seconds: 0.1 }, go_to: 'step_6' },
      step_6: { node: 'send_message', config: { text: 'Shall we keep your cart?' } },
    },
  } satisfies FlowDefinition;
}

function newName(): string {
  return flowWorkflowId('abandoned_cart', uuid());
}

function pathOf({ visited }: FlowResult): string[] {
  return visited.map(({ step }) => step);
}

async function timers(history: Promise<readonly string[]>): Promise<string[]> {
  return (await history).filter((event) => event.startsWith('Timer'));
}

/** How many entries each step has, by `<workflow ID>/<step>`: a naive key has more behind it. */
function entriesByStep(effects: readonly OutboxEffect[]): Record<string, number> {
  const steps = effects.map(({ key }) => key.slice(0, key.indexOf('#')));
  return Object.fromEntries(
    steps.map((step) => [step, steps.filter((one) => one === step).length]),
  );
}
