import { setTimeout } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { loadConfig } from '#config';
import { runWorker } from '#server';
import {
  checkFlow,
  createFlows,
  createMemoryOutbox,
  FLOW_WORKFLOWS_PATH,
  type FlowDefinition,
  flowWorkerOptions,
} from '#systems/flows';
import { bundleOnce } from '#temporal';
import type { DevServer } from '#temporal/dev-server';
import { spawnFixture } from '#testkit';
import { median, timed } from './figure.ts';
import { ANY_NODE, chainOf, MESSAGE } from './flow-chains.ts';
import type { FlowsWorkerEnvironment, WorkerMemory } from './flows-worker.ts';

const FLOWS_WORKER = new URL('./flows-worker.ts', import.meta.url);
const SHORT_FLOWS = 20;

export interface CheckedTimes {
  readonly firstMs: number;
  /** Of those after it. */
  readonly medianMs: number;
}

/**
 * Looks at one definition with so many steps, several times, as it comes out of a request.
 *
 * @throws {Error} it is not good
 */
export async function timeChecks(steps: number, times: number): Promise<CheckedTimes> {
  const sent = JSON.stringify(chainOf(steps, ANY_NODE));
  const took: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const definition: unknown = JSON.parse(sent);
    const { value, tookMs } = await timed(async () => checkFlow(definition));
    if (value.definition === undefined) throw new Error(`Bad flow: ${value.flaws[0]?.message}`);
    took.push(tookMs);
  }
  return { firstMs: took[0] ?? Number.NaN, medianMs: median(took.slice(1)) };
}

export interface WalkedFlow {
  readonly tookMs: number;
  /** A flow of one step, the median of several. */
  readonly shortMs: number;
}

/**
 * One flow of so many steps, each with an effect.
 *
 * @throws {Error} there are more effects than steps, or fewer
 */
export async function walk(server: DevServer, steps: number): Promise<WalkedFlow> {
  const taskQueue = 'bench-flows';
  const outbox = createMemoryOutbox();
  const webhooks = { post: () => Promise.reject(new Error('No flow of this bench has a webhook')) };
  await using _worker = await runWorker({
    connection: server.nativeConnection,
    ...flowWorkerOptions({ taskQueue, outbox, webhooks }),
  });
  const flows = createFlows({ client: server.client, taskQueue });
  const run = async (name: string, count: number) => {
    const definition = chainOf(count, [MESSAGE]);
    return await timed(async () => await (await flows.start({ name, definition })).result());
  };
  const short: number[] = [];
  for (let nth = 0; nth < SHORT_FLOWS; nth += 1) short.push((await run(`short-${nth}`, 1)).tookMs);

  const { tookMs } = await run('long', steps);
  const effects = (await outbox.effects()).length - SHORT_FLOWS;
  if (effects !== steps) throw new Error(`${steps} steps have had ${effects} effects`);
  return { tookMs, shortMs: median(short) };
}

export interface WaitingFlows {
  /** Of the worker's process, resident: before the first flow, when all of them wait, and the most that it ever had. */
  readonly beforeBytes: number;
  readonly waitingBytes: number;
  readonly highestBytes: number;
  /** Until all of them wait, and from there until all of them have ended. */
  readonly startedMs: number;
  readonly answeredMs: number;
}

/**
 * So many flows that wait at once on one worker, in a process of its own. Then each is answered, and comes to its end.
 *
 * @throws {Error} a flow has not heard its own answer, or there are not two effects a flow
 */
export async function waitTogether(server: DevServer, count: number): Promise<WaitingFlows> {
  const { client, address } = server;
  const taskQueue = 'bench-waiting-flows';
  // To build it takes more memory than all flows together, and is not what is measured: the worker finds it built.
  await bundleOnce({ workflowsPath: FLOW_WORKFLOWS_PATH }, loadConfig());
  await using worker = spawnFixture(FLOWS_WORKER, {
    TEMPORAL_ADDRESS: address,
    FLOWS_TASK_QUEUE: taskQueue,
  } satisfies FlowsWorkerEnvironment);
  const before = await worker.said<WorkerMemory>('polling');
  const flows = createFlows({ client, taskQueue });
  const names = Array.from({ length: count }, (_, nth) => `waiting-${nth}`);

  const started = await timed(async () => {
    const runs = await each(names, (name) => flows.start({ name, definition: QUESTION }));
    await untilAllWait(client, count);
    return runs;
  });
  worker.send('all wait');
  const waiting = await worker.said<WorkerMemory>('with all waiting');
  const answered = await timed(async () => {
    await each(names, (name) => flows.signal(name, 'client-answered', { signal_id: name }));
    return await Promise.all(started.value.map((run) => run.result()));
  });
  worker.send('all have ended');
  const end = await worker.said<WorkerMemory>('at the end');
  const heard = answered.value.filter(
    ({ results }, nth) => results.listen?.output.signal_id === names[nth],
  );
  if (heard.length !== count || end.messages !== 2 * count) {
    throw new Error(`Of ${count} flows ${heard.length} heard, with ${end.messages} messages`);
  }
  return {
    beforeBytes: before.residentBytes,
    waitingBytes: waiting.residentBytes,
    highestBytes: end.highestBytes,
    startedMs: started.tookMs,
    answeredMs: answered.tookMs,
  };
}

/** Nobody has to wait for ever: no answer within the hour is a bench that has failed. */
const QUESTION: FlowDefinition = {
  name: 'question',
  version: '1',
  start_step: 'ask',
  steps: {
    ask: { node: 'send_message', go_to: 'listen' },
    listen: { node: 'wait_answer', config: { timeout_seconds: 3_600 }, go_to: 'tell' },
    tell: { node: 'notify_creator' },
  },
};

async function untilAllWait(client: Client, count: number): Promise<void> {
  const query = `FlowName = "${QUESTION.name}" AND FlowStep = "listen"`;
  while ((await client.workflow.count(query)).count < count) await setTimeout(100);
}

async function each<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const limit = pLimit(20);
  return await Promise.all(items.map((item) => limit(() => act(item))));
}
