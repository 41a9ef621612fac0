import type { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { runWorker } from '#server';
import { inventoryWorkerOptions, naiveInventoryWorkerOptions } from '#systems/inventory';
import {
  type Fault,
  joinInterceptors,
  plantFaults,
  type Recorder,
  recordAttempts,
  SHRINKING_INTERCEPTORS,
} from '#testkit';
import type { InventoryStage } from './inventory-stage.ts';

/** Of the demo's own server: nobody else polls it. */
export const TASK_QUEUE = 'inventory-demo';

export interface InventoryWorkersOptions {
  readonly stage: InventoryStage;
  readonly temporal: { readonly client: Client; readonly address: string };
  readonly recorder: Recorder;
  /** Stands before each activity of each worker. */
  readonly fault: Fault;
  readonly workers: number;
}

/**
 * Workers that poll until they are disposed of, each on a connection of its own: one connection takes one worker of a queue.
 *
 * A failed attempt is tried again after 20 ms: nobody wants to watch the waiting.
 */
export async function openInventoryWorkers(
  options: InventoryWorkersOptions,
): Promise<AsyncDisposable> {
  const opened: AsyncDisposable[] = [];
  const dispose = async () => {
    await Promise.all(opened.map((worker) => worker[Symbol.asyncDispose]()));
  };
  try {
    for (let n = 1; n <= options.workers; n += 1) {
      opened.push(await openWorker(options, `worker ${n}`));
    }
    return { [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function openWorker(
  { stage, temporal, recorder, fault }: InventoryWorkersOptions,
  name: string,
): Promise<AsyncDisposable> {
  const { namespace, dataConverter } = temporal.client.options;
  const { stock, supplier, naive } = stage;
  const system = { taskQueue: TASK_QUEUE, stock, supplier };
  const connection = await NativeConnection.connect({ address: temporal.address });
  const close = () => connection.close();
  const worker = await runWorker({
    connection,
    namespace,
    dataConverter,
    identity: name,
    ...(naive ? naiveInventoryWorkerOptions(system) : inventoryWorkerOptions(system)),
    interceptors: joinInterceptors(
      { workflowModules: [SHRINKING_INTERCEPTORS] },
      recordAttempts(recorder, name),
      plantFaults([fault]),
    ),
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    async [Symbol.asyncDispose]() {
      await worker[Symbol.asyncDispose]();
      await close();
    },
  };
}
