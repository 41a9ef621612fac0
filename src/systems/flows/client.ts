import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { scoped, unscoped } from '#idempotency';
import {
  askRun,
  reportStart,
  runState,
  searchAttributes,
  startOrJoin,
  throughOutages,
} from '#temporal';
import { FlowNotOpenError } from './errors.ts';
import type { FlowState } from './flow.ts';
import { flowInput } from './flow-input.ts';
import type { FlowRequest, Flows, FlowView } from './flows.ts';
import type { OnFlowProgress } from './progress.ts';
import { FLOW_NAME } from './search-attributes.ts';
import type { DynamicFlowWorkflow } from './workflows.ts';

export interface FlowsOptions {
  readonly client: Client;
  readonly taskQueue: string;
  readonly fingerprintKey?: string | undefined;
  /** How long a query may take before the state is told without it, in milliseconds; 2,000 unless told. */
  readonly queryWithinMs?: number;
  readonly onProgress?: OnFlowProgress | undefined;
}

/** Flows through the workflow: one name, one run, whoever starts it and however often. */
export function createFlows(options: FlowsOptions): Flows {
  const { client, onProgress, queryWithinMs } = options;
  return {
    start: async (request) => await reportStart(startFlow(options, request), onProgress),
    async signal(name, signal, input, tenant) {
      const workflowId = scoped(tenant, name);
      await throughOutages(async () => {
        if (!(await isFlow(client, workflowId))) throw new FlowNotOpenError(name);
        try {
          await client.workflow.getHandle(workflowId).signal(signal, input);
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) throw new FlowNotOpenError(name);
          throw error;
        }
      });
    },
    async state(name, tenant): Promise<FlowView | undefined> {
      const workflowId = scoped(tenant, name);
      const state = await runState<typeof DynamicFlowWorkflow>(client, workflowId, FLOW_TYPE);
      if (state === undefined) return undefined;
      const flow = await askRun<FlowState>(client, workflowId, 'getFlowState', queryWithinMs);
      return { ...state, flow };
    },
    async nameOf(runId, tenant) {
      const found = await throughOutages(() => workflowIdOf(client, runId));
      if (found === undefined || found !== scoped(tenant, unscoped(found))) return undefined;
      return unscoped(found);
    },
  };
}

async function startFlow(
  { client, taskQueue, fingerprintKey }: FlowsOptions,
  request: FlowRequest,
) {
  const { tenant, name } = request;
  const flow = flowInput(request);
  return await startOrJoin<typeof DynamicFlowWorkflow>(client, FLOW_TYPE, {
    workflowId: scoped(tenant, name),
    taskQueue,
    args: [flow],
    fingerprintKey,
    workflowTaskTimeout: '10 seconds',
    typedSearchAttributes: searchAttributes(client, tenant, [
      { key: FLOW_NAME, value: flow.definition.name },
    ]),
  });
}

async function workflowIdOf(client: Client, runId: string): Promise<string | undefined> {
  // A run ID is the platform's: hexadecimal digits and dashes, and no quotes.
  if (!/^[0-9a-f-]{36}$/.test(runId)) return undefined;
  const found = client.workflow.list({
    query: `RunId = "${runId}" AND WorkflowType = "${FLOW_TYPE}"`,
    pageSize: 1,
  });
  for await (const { workflowId } of found) return workflowId;
  return undefined;
}

const FLOW_TYPE = 'DynamicFlowWorkflow';

/** How long the server may take before it counts as away. */
const LOOK_WITHIN_MS = 5_000;

/** A client may name any run. Those of other systems are not ours to tell of, or to send a signal to. */
async function isFlow(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { type } = await client.withDeadline(Date.now() + LOOK_WITHIN_MS, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    return type === FLOW_TYPE;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
