import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import { v4 as uuid } from 'uuid';
import { loadConfig } from '#config';
import { startDevServer } from '#temporal/dev-server';
import { grpcCodeOf } from '#temporal/errors';
import type { DynamicConfig } from './dynamic-config-file.ts';

type Command = proto.temporal.api.command.v1.ICommand;

const NAMESPACE = 'order-service';
const { UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED: COMPLETED } =
  proto.temporal.api.enums.v1.UpdateWorkflowExecutionLifecycleStage;

/**
 * A dev server of its own with the values of a file, without its constraints, which a dev server does not know. There is
 * no worker: what a server does with a number is seen in what it answers, and in the history.
 */
export async function openConfiguredServer(config: DynamicConfig) {
  const dynamicConfig = Object.fromEntries(
    Object.entries(config).map(([key, [first]]) => [key, first?.value]),
  );
  const server = await startDevServer({
    config: loadConfig(),
    settings: 'default',
    namespace: NAMESPACE,
    dynamicConfig,
    onProgress: () => {},
  });
  // One that does not ask again by itself: a refusal is what is looked at.
  const connection = await Connection.connect({ address: server.address, interceptors: [] });
  const client = new Client({ connection, namespace: NAMESPACE });
  const { workflowService } = connection;
  return {
    client,
    version: async () => (await workflowService.getSystemInfo({})).serverVersion,
    start: (workflowId: string = uuid(), ...args: string[]) =>
      client.workflow.start('AnyWorkflow', { workflowId, taskQueue: workflowId, args }),
    /** Asks for an update, and waits for its answer. @returns the gRPC status, where there is none */
    update: ({ workflowId }: WorkflowHandle) =>
      workflowService
        .updateWorkflowExecution({
          namespace: NAMESPACE,
          workflowExecution: { workflowId },
          waitPolicy: { lifecycleStage: COMPLETED },
          request: { meta: { updateId: uuid() }, input: { name: 'change-address' } },
        })
        .then(() => undefined, grpcCodeOf),
    /** Does what a worker does with a workflow task. @returns whether the server has advised to continue as new */
    async answerTask({ workflowId }: WorkflowHandle, commands: Command[]) {
      const asked = { namespace: NAMESPACE, taskQueue: { name: workflowId } };
      // A poll without a deadline is refused.
      const { taskToken, history } = await connection.withDeadline(Date.now() + 60_000, () =>
        workflowService.pollWorkflowTaskQueue(asked),
      );
      await workflowService.respondWorkflowTaskCompleted({
        namespace: NAMESPACE,
        taskToken,
        commands,
        forceCreateNewWorkflowTask: true,
      });
      const tasks = (history?.events ?? []).flatMap(
        (event) => event.workflowTaskStartedEventAttributes ?? [],
      );
      return tasks.at(-1)?.suggestContinueAsNew ?? false;
    },
    async [Symbol.asyncDispose]() {
      await connection.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
