import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';

/** The same client, which tells the ID of each workflow that it is about to start, and speaks as the workers do. */
export function tellingClient(
  client: Client,
  onStart: (workflowId: string) => void,
  dataConverter?: DataConverter,
): Client {
  const { interceptors, ...options } = client.options;
  const own = Array.isArray(interceptors.workflow) ? interceptors.workflow : [];
  return new Client({
    ...options,
    ...(dataConverter && { dataConverter }),
    connection: client.connection,
    interceptors: { ...interceptors, workflow: [telling(onStart), ...own] },
  });
}

function telling(onStart: (workflowId: string) => void): WorkflowClientInterceptor {
  return {
    async startWithDetails(input, next) {
      onStart(input.options.workflowId);
      return await next(input);
    },
    async signalWithStart(input, next) {
      onStart(input.options.workflowId);
      return await next(input);
    },
    async startUpdateWithStart(input, next) {
      onStart(input.workflowStartOptions.workflowId);
      return await next(input);
    },
  };
}
