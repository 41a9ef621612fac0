import { createFlows, flowWorkflowId } from '#systems/flows';
import { activityAttempts, type Fixture, type Recorder } from '#testkit';
import type { FlowActOptions } from './flows-acts.ts';
import { placeOf } from './flows-holds.ts';
import type { FlowSide } from './flows-stage.ts';
import type { VictimWork } from './flows-victim.ts';
import { answerAll, startFlow, type WalkedFlow, walkedBy } from './flows-walked.ts';
import { KILLED_QUEUE, NAIVE_QUEUE, openFlowWorker, PATIENT } from './flows-worker.ts';

/** A flow, and the step at which its worker is killed: the effect has happened, and nobody has heard of it. */
export interface KillPlan {
  readonly cart: string;
  readonly answers: boolean;
  readonly step: string;
  /** Without keys. */
  readonly isNaive: boolean;
}

export interface KilledFlow extends KillPlan {
  readonly flow: WalkedFlow;
  /** Attempts that the server has given out, beyond one for each activity. */
  readonly lost: number;
}

/**
 * Lets the process work on all of these flows, kills it where each of them has had an effect that nobody knows of, and lets
 * workers of this process go on.
 *
 * @returns what has become of each, and how the process ended
 */
export async function killInTheMiddle(
  options: FlowActOptions,
  recorder: Recorder,
  plans: readonly KillPlan[],
) {
  const { stage, temporal } = options;
  const { client } = temporal;
  const { victim } = stage;
  if (victim === undefined) throw new Error('This act needs a process that may be killed');
  const keyed = createFlows({ client, taskQueue: KILLED_QUEUE, ...PATIENT });
  const naive = createFlows({ client, taskQueue: NAIVE_QUEUE, ...PATIENT });

  await employ(victim, options, plans);
  const begun = await Promise.all(
    plans.map((plan) => begin(plan, { ...options, flows: plan.isNaive ? naive : keyed }, recorder)),
  );
  await Promise.all(begun.map((one) => untilThere(victim, one)));
  victim.kill('SIGKILL');
  const how = await victim.exited;

  await using _keyed = await openFlowWorker({ stage, temporal, taskQueue: KILLED_QUEUE });
  await using _naive = await openFlowWorker({ stage, temporal, taskQueue: NAIVE_QUEUE });
  const killed = await Promise.all(
    begun.map(async ({ run, plan }): Promise<KilledFlow> => {
      const flow = await walkedBy(keyed, run, plan.cart);
      const attempts = await activityAttempts(client, run.workflowId);
      const lost = attempts.reduce((sum, one) => sum + one.attempts - 1, 0);
      return { ...plan, flow, lost };
    }),
  );
  return { killed, how };
}

async function employ(victim: Fixture, options: FlowActOptions, plans: readonly KillPlan[]) {
  const { stage, temporal } = options;
  const { keyed, naive, definition } = stage;
  const work: VictimWork = {
    address: temporal.address,
    namespace: temporal.client.options.namespace,
    sides: [
      { taskQueue: KILLED_QUEUE, isNaive: false, ...urlsOf(keyed) },
      { taskQueue: NAIVE_QUEUE, isNaive: true, ...urlsOf(naive) },
    ],
    standsAt: plans.map(({ cart, step }) => placeOf(flowWorkflowId(definition.name, cart), step)),
  };
  victim.send('work', work);
  await victim.said('polls');
}

function urlsOf({ outboxUrl, webhookUrl }: FlowSide) {
  return { outboxUrl, webhookUrl };
}

async function begin(
  plan: KillPlan,
  { flows, stage: { definition } }: FlowActOptions,
  recorder: Recorder,
) {
  const { cart, answers } = plan;
  const from = { client: `client of ${cart}`, about: cart };
  const run = await recorder.request(from, () => startFlow(flows, definition, cart));
  if (answers) await answerAll(flows, definition, run.workflowId);
  return { run, plan };
}

/** A flow that takes another way this time ends without having been there; then nothing was killed in it. */
async function untilThere(
  victim: Fixture,
  { run, plan }: Awaited<ReturnType<typeof begin>>,
): Promise<void> {
  const there = victim.said(placeOf(run.workflowId, plan.step));
  await Promise.race([there, run.result().catch(() => {})]);
}
