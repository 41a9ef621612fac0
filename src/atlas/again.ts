import { WithStartWorkflowOperation, type WorkflowStartOptions } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { grpcCodeOf } from '#temporal/errors';
import type { Api, PolicyQuestion } from './policies.ts';
import { idleQueueOf, type PolicyGround } from './prior.ts';
import type { AskingParentWorkflow, FatedWorkflow } from './workflows.ts';

/** How a call was refused; undefined where it was not. */
export type Refusal = 'already-started' | 'invalid-argument' | undefined;

/**
 * Asks for the ID once more, with these policies.
 *
 * @throws whatever is neither an answer nor one of the two refusals
 */
export async function askAgain(
  ground: PolicyGround,
  workflowId: string,
  question: PolicyQuestion,
): Promise<Refusal> {
  try {
    await CALLS[question.api](ground, workflowId, question);
    return undefined;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return refusal;
  }
}

type Call = (
  ground: PolicyGround,
  workflowId: string,
  question: PolicyQuestion,
) => Promise<unknown>;

const CALLS: Readonly<Record<Api, Call>> = {
  start: ({ client, ...ground }, workflowId, question) =>
    client.workflow.start('FatedWorkflow', optionsOf(ground, workflowId, question)),

  signalWithStart: ({ client, ...ground }, workflowId, question) =>
    client.workflow.signalWithStart('FatedWorkflow', {
      ...optionsOf(ground, workflowId, question),
      signal: 'note',
    }),

  async executeUpdateWithStart({ client, ...ground }, workflowId, question) {
    const options = optionsOf(ground, workflowId, question);
    const startWorkflowOperation = new WithStartWorkflowOperation<typeof FatedWorkflow>(
      'FatedWorkflow',
      // The SDK's types ask for a conflict policy here; a caller in JavaScript can leave it out.
      options as typeof options & { workflowIdConflictPolicy: 'FAIL' },
    );
    // The same error comes from both, and nobody waits for the second one.
    startWorkflowOperation.workflowHandle().catch(() => {});
    await client.workflow.executeUpdateWithStart('note', { startWorkflowOperation });
  },

  async childStart({ client, taskQueue }, workflowId, { api, reuse }) {
    const refused = await client.workflow.execute<typeof AskingParentWorkflow>(
      'AskingParentWorkflow',
      {
        workflowId: `${workflowId}-parent`,
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowExecutionTimeout: '1 minute',
        taskQueue,
        args: [
          {
            workflowId,
            taskQueue: idleQueueOf({ taskQueue }, api),
            ...(reuse !== 'unset' && { workflowIdReusePolicy: reuse }),
          },
        ],
      },
    );
    if (refused === WorkflowExecutionAlreadyStartedError.name) {
      throw new WorkflowExecutionAlreadyStartedError(refused, workflowId, 'FatedWorkflow');
    }
    if (refused !== undefined) throw new Error(`The child was refused with ${refused}`);
  },
};

function optionsOf(
  ground: Pick<PolicyGround, 'taskQueue'>,
  workflowId: string,
  { api, reuse, conflict }: PolicyQuestion,
) {
  return {
    workflowId,
    taskQueue: idleQueueOf(ground, api),
    workflowExecutionTimeout: '1 minute',
    args: ['wait'],
    ...(reuse !== 'unset' && { workflowIdReusePolicy: reuse }),
    ...(conflict !== 'unset' && { workflowIdConflictPolicy: conflict }),
  } satisfies WorkflowStartOptions<typeof FatedWorkflow>;
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof WorkflowExecutionAlreadyStartedError) return 'already-started';
  return grpcCodeOf(error) === INVALID_ARGUMENT ? 'invalid-argument' : undefined;
}

// The number is gRPC's: https://grpc.io/docs/guides/status-codes/
const INVALID_ARGUMENT = 3;
