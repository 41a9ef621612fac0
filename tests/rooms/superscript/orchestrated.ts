import { newOrderId } from '#fixtures/superscript/place';
import {
  type BatchInput,
  batchId,
  createBatches,
  createPayments,
  type OrchestratorWorkflow,
  superscriptWorkerOptions,
} from '#systems/superscript';
import { answerOf, startOrJoin } from '#temporal';
import { createBarrier, type Temporal } from '#testkit';
import type { createInstantScripts } from './instant-scripts.ts';

/** A worker with these scripts, and the clients of it. */
export async function openSystem(
  { client, taskQueue, ...temporal }: Temporal,
  till: Pick<ReturnType<typeof createInstantScripts>, 'scripts' | 'ledgerPath'>,
) {
  const joinAsked = createBarrier(1);
  const options = superscriptWorkerOptions({ ...till, taskQueue });
  const { joinRun, ...activities } = options.activities;
  const worker = await temporal.runWorker({
    ...options,
    activities: {
      ...activities,
      joinRun: (run: Parameters<typeof joinRun>[0]) => {
        void joinAsked.arrive();
        return joinRun(run);
      },
    },
  });
  return {
    client,
    taskQueue,
    batches: createBatches({ client, taskQueue }),
    payments: createPayments({ client, taskQueue }),
    /** A batch waits for a payment that is not its own. */
    joinAsked: joinAsked.opened,
    /** A start from outside: the client would refuse it. */
    async run(input: BatchInput) {
      const workflowId = batchId('2026-11-03', newOrderId());
      const run = await startOrJoin<typeof OrchestratorWorkflow>(client, 'OrchestratorWorkflow', {
        workflowId,
        taskQueue,
        args: [input],
        workflowExecutionTimeout: '1 minute',
      });
      return await answerOf(workflowId, () => run.result());
    },
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  };
}
