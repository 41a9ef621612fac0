import {
  ApplicationFailure,
  defineSearchAttributeKey,
  SearchAttributeType,
} from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import { startOrJoinChild, tenantAttribute } from '#temporal/workflow';
import type { FlowInput } from './flow.ts';
import { flowWorkflowId, scheduledKey } from './ids.ts';
import { FLOW_NAME } from './search-attributes.ts';
import type { DynamicFlowWorkflow } from './workflows.ts';

/** What a schedule starts each time that it is due. */
export interface ScheduledFlowInput {
  /** The schedule's own name: part of the name of each of its flows. */
  readonly schedule: string;
  readonly flow: FlowInput;
  /** Of the flow, as a start of it by hand has it: whoever starts the same day by hand joins it. */
  readonly fingerprint: string;
}

export interface ScheduledFlowResult {
  /** Of the flow of that day. */
  readonly workflow_id: string;
  /** `joined`: somebody has started that day before, and it runs or is over. Nothing was done. */
  readonly outcome: 'started' | 'joined';
}

/**
 * Starts the flow of one nominal time, once: Temporal lets a schedule run a closed ID again, and a child that refuses
 * duplicates does not. Waits for the flow that it has started, so that an overlap policy has something to look at.
 *
 * @throws {ApplicationFailure} `InvalidFlowError`; `NotScheduledError` where no schedule has started it
 */
export async function ScheduledFlowWorkflow(
  input: ScheduledFlowInput,
): Promise<ScheduledFlowResult> {
  const { schedule, flow, fingerprint } = requireInput(input);
  const key = scheduledKey(schedule, nominalTime());
  const workflowId = flowWorkflowId(flow.definition.name, key, flow.tenant);
  const { typedSearchAttributes } = workflowInfo();
  const name = typedSearchAttributes.get(FLOW_NAME);
  const child = await startOrJoinChild<typeof DynamicFlowWorkflow>('DynamicFlowWorkflow', {
    workflowId,
    args: [flow],
    fingerprint,
    // A flow goes on, whoever ends this run.
    parentClosePolicy: 'ABANDON',
    cancellationType: 'ABANDON',
    workflowTaskTimeout: '10 seconds',
    typedSearchAttributes: [
      ...(name === undefined ? [] : [{ key: FLOW_NAME, value: name }]),
      ...tenantAttribute(flow.tenant),
    ],
    join: nobodyJoins,
  });
  if (child.outcome === 'started') await child.result();
  return { workflow_id: workflowId, outcome: child.outcome };
}

/** The time that it was due, to the second, as the server has it in the ID of this run. */
function nominalTime(): string {
  const due = workflowInfo().typedSearchAttributes.get(DUE);
  if (due === undefined) {
    throw ApplicationFailure.nonRetryable(
      'No schedule has started this: start the flow itself',
      'NotScheduledError',
    );
  }
  return `${due.toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length)}Z`;
}

/** Written by the server. */
const DUE = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);

/** Anybody can start a workflow, with anything. The flow itself is looked at where it runs. */
function requireInput(input: ScheduledFlowInput | undefined): ScheduledFlowInput {
  const names = [input?.schedule, input?.fingerprint, input?.flow?.definition?.name];
  if (input !== undefined && names.every((name) => typeof name === 'string')) return input;
  throw ApplicationFailure.nonRetryable('Bad flow: it has no schedule', 'InvalidFlowError');
}

async function nobodyJoins(): Promise<never> {
  throw ApplicationFailure.nonRetryable('A schedule waits for its own flows alone', 'JoinError');
}
