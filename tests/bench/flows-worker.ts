/** One worker of flows in a process of its own, as in production but for its outbox. It tells how much memory it has. */
import { NativeConnection, Worker } from '@temporalio/worker';
import { loadConfig } from '#config';
import { createMemoryOutbox, FLOW_WORKFLOWS_PATH, flowWorkerOptions } from '#systems/flows';
import { bundleOnce, pollUntilDisposed } from '#temporal';
import { installQuietRuntime } from '#temporal/quiet';
import { hear, say } from '#testkit/process';

export interface FlowsWorkerEnvironment extends Record<string, string> {
  readonly TEMPORAL_ADDRESS: string;
  readonly FLOWS_TASK_QUEUE: string;
}

export interface WorkerMemory {
  readonly residentBytes: number;
  /** The most that it has had since it began to poll, as sampled. */
  readonly highestBytes: number;
  /** Messages that it has put into its outbox. */
  readonly messages: number;
}

const SAMPLE_EVERY_MS = 50;
const env = process.env as FlowsWorkerEnvironment;

installQuietRuntime();
const outbox = createMemoryOutbox();
const { workflowsPath: _, ...options } = flowWorkerOptions({
  taskQueue: env.FLOWS_TASK_QUEUE,
  outbox,
  webhooks: { post: () => Promise.reject(new Error('No flow of this bench has a webhook')) },
});
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address: env.TEMPORAL_ADDRESS }),
  ...options,
  workflowBundle: await bundleOnce({ workflowsPath: FLOW_WORKFLOWS_PATH }, loadConfig()),
});
await using _worker = pollUntilDisposed(worker);
let highestBytes = 0;
const sample = () => {
  const residentBytes = process.memoryUsage.rss();
  highestBytes = Math.max(highestBytes, residentBytes);
  return residentBytes;
};
setInterval(sample, SAMPLE_EVERY_MS);
const tell = async (when: string) => {
  const residentBytes = sample();
  const { length: messages } = await outbox.effects();
  say(when, { residentBytes, highestBytes, messages } satisfies WorkerMemory);
};

await tell('polling');
// A word that was said once stays said, so each question has its own.
await hear('all wait');
await tell('with all waiting');
await hear('all have ended');
await tell('at the end');
await new Promise(() => {});
