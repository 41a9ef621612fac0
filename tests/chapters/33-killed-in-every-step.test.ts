/**
 * Chapter 33. Killed in every step
 *
 * Claim     Wherever in a flow its worker dies, another one goes on from that step. The step may be tried twice, those before
 *           it are not, and each has one effect.
 * Method    A process is killed (SIGKILL) when ten flows stand at a place each: before and after the effect of four steps,
 *           and in two waits. Outbox, webhooks and the next worker are outside of it.
 * Evidence  How the process ended, what it had done by then, the server's count of attempts, each flow's path, and the
 *           effects of each step.
 * Control   Four flows without keys in the same process: each step that it had done and not reported is done again.
 */
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { untilWaiting } from '#fixtures/flows/until-waiting';
import { plainJs } from '#fixtures/plain-js';
import type { FlowWorkerEnvironment, StandsStill } from '#fixtures/workers/flow-worker';
import { createApp } from '#http';
import {
  createFlows,
  createPostgresOutbox,
  createWebhookClient,
  createWebhookLedger,
  createWebhookReceiver,
  type FlowDefinition,
  type FlowResult,
  type Flows,
  flowWorkerOptions,
  flowWorkflowId,
  naiveFlowWorkerOptions,
  type Outbox,
  type WebhookLedger,
} from '#systems/flows';
import { listen, spawnFixture } from '#testkit';
import { it } from '#testkit/database';

const FLOW_WORKER = await plainJs(
  new URL('../../fixtures/workers/flow-worker.ts', import.meta.url),
);

const ANSWERED = ['step_1', 'step_2', 'step_3'];
const UNANSWERED = ['step_1', 'step_2', 'step_4', 'step_5', 'step_6'];
/** The other two wait. */
const WITH_EFFECT = ['step_1', 'step_3', 'step_4', 'step_6'];

describe('a worker process that is killed while flows stand in all of their steps', () => {
  it('leaves one effect of each step where it has a key, and two where it has none and the report was lost', async ({
    temporal,
    database,
    databaseUrl,
  }) => {
    const { client, taskQueue } = temporal;
    const queues = { keyed: taskQueue, naive: `${taskQueue}-naive` };
    const outbox = createPostgresOutbox({ database });
    const ledger = createWebhookLedger();
    await using company = await listen(createApp(createWebhookReceiver({ ledger })));
    const url = `${company.url}/receiver/webhooks`;
    const flows = createFlows({ client, taskQueue, queryWithinMs: 60_000 });
    const naiveFlows = createFlows({ client, taskQueue: queues.naive, queryWithinMs: 60_000 });
    const keyed = flowsInAllSteps('keyed');
    const naive = flowsInAllSteps('naive').filter(({ when }) => when === 'after the effect');
    const all = [...keyed, ...naive];
    const standing = all.filter(({ step }) => hasEffect(step));

    await using doomed = spawnFixture(FLOW_WORKER, {
      TEMPORAL_ADDRESS: temporal.address,
      DATABASE_URL: databaseUrl,
      WEBHOOK_URL: url,
      KEYED_TASK_QUEUE: queues.keyed,
      NAIVE_TASK_QUEUE: queues.naive,
      STANDS_STILL: JSON.stringify(standing satisfies readonly StandsStill[]),
    } satisfies FlowWorkerEnvironment);
    const stand = Promise.all(standing.map(({ name }) => doomed.said(`${name} stands still`)));
    const runs = await Promise.all([
      bringToTheirPlaces(flows, keyed, stand),
      bringToTheirPlaces(naiveFlows, naive, stand),
    ]);
    doomed.kill('SIGKILL');
    expect(await doomed.exited, 'how the first worker ended').toBe('SIGKILL');
    const done = await effectsByStep(outbox, ledger);
    // An answer that comes while there is no worker.
    for (const { name, step } of all) if (step === 'step_2') await answer(flows, name);

    const deps = { outbox, webhooks: createWebhookClient({ url, timeoutMs: 5_000 }) };
    const heir = flowWorkerOptions({ taskQueue: queues.keyed, ...deps });
    const naiveHeir = naiveFlowWorkerOptions({ taskQueue: queues.naive, ...deps });
    await using _heir = await temporal.runWorker(heir, { shrink: true });
    await using _naiveHeir = await temporal.runWorker(naiveHeir, { shrink: true });
    const results = await Promise.all(runs.flat().map((run) => run.result()));

    expect(results.map(pathOf), 'the path of each').toEqual(all.map(({ path }) => path));
    expect(done, 'effects at its death').toEqual(
      counted(all, ({ path, ...at }, step) => {
        if (step === at.step) return at.when === 'after the effect' ? 1 : 0;
        return path.indexOf(step) < path.indexOf(at.step) ? 1 : 0;
      }),
    );
    expect(await effectsByStep(outbox, ledger), 'effects at the end').toEqual({
      ...counted(keyed, () => 1),
      ...counted(naive, (at, step) => (step === at.step ? 2 : 1)),
    });
    for (const { name, path, step, definition } of standing) {
      // The first call is the look at the definition.
      const [, ...calls] = await temporal.attempts(name);
      const lost = calls[path.filter(hasEffect).indexOf(step)];
      expect(lost, `the call that died in ${step}`).toMatchObject({
        activity: definition.steps[step]?.node,
        lastFailure: 'activity StartToClose timeout',
      });
      expect(lost?.attempts, `attempts of ${step}`).toBeGreaterThan(1);
    }
  });
});

interface DoomedFlow extends StandsStill {
  readonly definition: FlowDefinition;
  readonly path: readonly string[];
}

/** One for each place at which a worker can die: before and after each effect, and in each wait. */
function flowsInAllSteps(side: 'keyed' | 'naive'): readonly DoomedFlow[] {
  const flowIn = (step: string, when: StandsStill['when']) => {
    const name = flowWorkflowId(
      'abandoned_cart',
      `${side}-${when.split(' ')[0]}-${step}-${uuid()}`,
    );
    const path = ['step_2', 'step_3'].includes(step) ? ANSWERED : UNANSWERED;
    const answerWithinSeconds = path === ANSWERED ? 60 : 0.1;
    const definition = abandonedCart(answerWithinSeconds, step === 'step_5' ? 2 : 0.1);
    return { name, step, when, path, definition };
  };
  return [
    ...WITH_EFFECT.map((step) => flowIn(step, 'before the effect')),
    ...WITH_EFFECT.map((step) => flowIn(step, 'after the effect')),
    ...['step_2', 'step_5'].map((step) => flowIn(step, 'while it waits')),
  ];
}

/** The six steps of fixtures/flows/abandoned_cart.json, with times of our own. */
function abandonedCart(timeout_seconds: number, seconds: number): FlowDefinition {
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
      step_5: { node: 'explicit_wait', config: { seconds }, go_to: 'step_6' },
      step_6: { node: 'send_message' },
    },
  };
}

/** @returns their runs, in the order of the flows, when each of them is where its worker is to die */
async function bringToTheirPlaces(
  flows: Flows,
  doomed: readonly DoomedFlow[],
  stand: Promise<unknown>,
): Promise<readonly FlowRun[]> {
  const runs = new Map<string, FlowRun>();
  const begin = async ({ name, definition }: DoomedFlow) =>
    void runs.set(name, await flows.start({ name, definition }));
  const resting = doomed.filter(({ step }) => step === 'step_5');
  const others = doomed.filter((flow) => !resting.includes(flow));

  await Promise.all(others.map(begin));
  for (const { name, step } of others) if (step === 'step_3') await answer(flows, name);
  for (const { name, step } of others) {
    if (step === 'step_2') await untilWaiting(flows, name, 'client-answered');
  }
  await stand;
  // The last ones: a rest goes on without a worker, and is not to be over before the kill.
  await Promise.all(resting.map(begin));
  for (const { name } of resting) await untilWaiting(flows, name, 'time');
  return doomed.map(({ name }) => runs.get(name) as FlowRun);
}

type FlowRun = Awaited<ReturnType<Flows['start']>>;

async function answer(flows: Flows, name: string): Promise<void> {
  await flows.signal(name, 'client-answered', { signal_id: 'answer-1' });
}

function pathOf({ visited }: FlowResult): string[] {
  return visited.map(({ step }) => step);
}

function hasEffect(step: string): boolean {
  return WITH_EFFECT.includes(step);
}

/** How many effects each step of each flow is to have; those with none are left out. */
function counted(
  flows: readonly DoomedFlow[],
  count: (flow: DoomedFlow, step: string) => number,
): Record<string, number> {
  const counts = flows.flatMap((flow) =>
    flow.path.filter(hasEffect).map((step) => [`${flow.name}/${step}`, count(flow, step)] as const),
  );
  return Object.fromEntries(counts.filter(([, effects]) => effects > 0));
}

/** How many effects each step of each flow has, in the outbox or the books of the other company. */
async function effectsByStep(outbox: Outbox, ledger: WebhookLedger) {
  const counts: Record<string, number> = {};
  for (const { key } of [...(await outbox.effects()), ...(await ledger.effects())]) {
    // A naive key has more behind its step and visit.
    const step = key.slice(0, key.indexOf('#'));
    counts[step] = (counts[step] ?? 0) + 1;
  }
  return counts;
}
