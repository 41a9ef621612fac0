import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import { LONGEST_TASK_MS } from '../workflow-faults.ts';

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
      return await next({ ...input, options: hurried(input.options) });
    },
    async signalWithStart(input, next) {
      onStart(input.options.workflowId);
      return await next({ ...input, options: hurried(input.options) });
    },
    async startUpdateWithStart(input, next) {
      const { workflowStartOptions } = input;
      onStart(workflowStartOptions.workflowId);
      return await next({ ...input, workflowStartOptions: hurried(workflowStartOptions) });
    },
  };
}

/** A run whose worker is gone waits for it no longer than an attempt would. */
function hurried<Options>(options: Options): Options {
  return { ...options, workflowTaskTimeout: msToTs(LONGEST_TASK_MS) };
}
