/**
 * A worker in a process of its own, to be killed. Of each flow that it is told of, it says when one effect has happened,
 * and does not report it.
 */
import { NativeConnection, Worker } from '@temporalio/worker';
import {
  createWebhookClient,
  type EffectInput,
  flowWorkerOptions,
  naiveFlowWorkerOptions,
} from '#systems/flows';
import { installQuietRuntime } from '#temporal/quiet';
// Not from '#testkit', which brings a server: a process is to start soon.
import { hear, say } from '#testkit/process';
import { bundleFlows } from './flows-bundle.ts';
import { placeOf } from './flows-holds.ts';
import { createOutboxClient } from './flows-outbox.ts';
import type { FlowSide } from './flows-stage.ts';

/** What it is told to do. */
export interface VictimWork {
  readonly address: string;
  readonly namespace: string;
  readonly sides: readonly VictimSide[];
  /** Where it stands still, as `placeOf` names it. */
  readonly standsAt: readonly string[];
}

interface VictimSide extends Pick<FlowSide, 'outboxUrl' | 'webhookUrl'> {
  readonly taskQueue: string;
  readonly isNaive: boolean;
}

const work = await hear<VictimWork>('work');
installQuietRuntime();
const connection = await NativeConnection.connect({ address: work.address });
const workflowBundle = await bundleFlows();
const workers = await Promise.all(work.sides.map(openWorker));
say('polls');
await Promise.all(workers.map((worker) => worker.run()));

function openWorker({ taskQueue, isNaive, outboxUrl, webhookUrl }: VictimSide): Promise<Worker> {
  const deps = {
    taskQueue,
    outbox: createOutboxClient(outboxUrl),
    webhooks: createWebhookClient({ url: webhookUrl, timeoutMs: 1_500 }),
  };
  const { activities } = isNaive ? naiveFlowWorkerOptions(deps) : flowWorkerOptions(deps);
  return Worker.create({
    connection,
    namespace: work.namespace,
    identity: `process ${process.pid}`,
    taskQueue,
    activities,
    workflowBundle,
    // Nobody is to wait for its memory when it is gone.
    maxCachedWorkflows: 0,
    interceptors: { activity: [({ info }) => ({ inbound: { execute: standStill(info) } })] },
  });
}

function standStill({ workflowExecution }: { workflowExecution?: { workflowId: string } }) {
  return async <Input extends { args: unknown[] }>(
    input: Input,
    next: (input: Input) => Promise<unknown>,
  ): Promise<unknown> => {
    const result = await next(input);
    const { step } = input.args[0] as EffectInput;
    const place = placeOf(workflowExecution?.workflowId ?? '', step);
    if (!work.standsAt.includes(place)) return result;
    say(place);
    return await new Promise<never>(() => {});
  };
}
