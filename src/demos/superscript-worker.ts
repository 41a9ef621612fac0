import type { WorkerInterceptors } from '@temporalio/worker';
import { runWorker } from '#server';
import { superscriptWorkerOptions } from '#systems/superscript';
import {
  type Barrier,
  holdActivityUntilOpen,
  joinInterceptors,
  type Recorder,
  recordAttempts,
} from '#testkit';
import type { ActOptions, ActServer } from './superscript-acts.ts';
import { SCRIPT_SETTINGS } from './superscript-stage.ts';

/** Of the demo's own server: nobody else polls it. */
const TASK_QUEUE = 'superscript-demo';

/** What an act on a server does not do without. */
export interface Backstage extends AsyncDisposable {
  readonly client: ActServer['client'];
  readonly taskQueue: string;
}

/**
 * Starts the worker of one act.
 *
 * @param gate where a payment waits before its first step
 */
export async function openBackstage(
  { stage, temporal }: ActOptions,
  recorder: Recorder,
  gate?: Barrier,
): Promise<Backstage> {
  if (temporal === undefined) throw new Error('This act needs a Temporal server');
  const { client, nativeConnection } = temporal;
  const { namespace, dataConverter } = client.options;
  const worker = await runWorker({
    connection: nativeConnection,
    namespace,
    dataConverter,
    ...superscriptWorkerOptions({
      taskQueue: TASK_QUEUE,
      scripts: stage.scripts,
      ledgerPath: stage.safe.path,
      settings: SCRIPT_SETTINGS,
    }),
    interceptors: joinInterceptors(recordAttempts(recorder, 'worker 1'), gate ? holdAt(gate) : {}),
  });
  return {
    client,
    taskQueue: TASK_QUEUE,
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  };
}

function holdAt(gate: Barrier): WorkerInterceptors {
  return {
    activity: [
      () => ({
        inbound: {
          async execute(input, next) {
            await holdActivityUntilOpen(gate);
            return await next(input);
          },
        },
      }),
    ],
  };
}
