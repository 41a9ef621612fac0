import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
  type ScheduleSpec,
} from '@temporalio/client';
import { fingerprint, IntentMismatchError } from '#idempotency';
import { searchAttributes, throughOutages } from '#temporal';
import { UnknownScheduleError } from './errors.ts';
import { flowInput } from './flow-input.ts';
import type { FlowRequest } from './flows.ts';
import { dueWorkflowId, flowScheduleId } from './ids.ts';
import { FLOW_NAME } from './search-attributes.ts';
import type { ScheduledFlowWorkflow } from './workflows.ts';

/** A flow that is started each time that it is due. */
export interface FlowScheduleRequest extends Omit<FlowRequest, 'name'> {
  /** Its name among the schedules of this flow: `daily`. */
  readonly schedule: string;
  /** When it is due. */
  readonly spec: ScheduleSpec;
  /**
   * What becomes of a time that is due while the flow of an earlier one is open. `ALLOW_ALL` unless told: two times are
   * two names, and neither is in the other's way. Nothing that is open is ended.
   */
  readonly overlap?: 'ALLOW_ALL' | 'BUFFER_ALL' | 'BUFFER_ONE' | 'SKIP' | undefined;
}

/** Which schedule is meant. */
export interface FlowScheduleName {
  readonly tenant?: string | undefined;
  readonly flow: string;
  readonly schedule: string;
}

/** Flows on Temporal schedules. Each due time has one flow, which is named after it; `createFlowSchedules` makes one. */
export interface FlowSchedules {
  /**
   * Creates the schedule, or finds that the same one is there.
   *
   * @throws {InvalidFlowError} nothing was created
   * @throws {IntentMismatchError} there is another one of that name: remove it first
   * @throws {TemporalUnavailableError} no answer; asking again is safe
   */
  create(request: FlowScheduleRequest): Promise<'created' | 'there'>;
  /**
   * Starts the flows that were due in this range, both ends included. One that was started before, by whomever, is not
   * started again, whatever has become of it; a repeat of this call starts nothing.
   *
   * Trap: the server has been told when this returns, and starts them afterwards.
   *
   * @throws {UnknownScheduleError}
   * @throws {TemporalUnavailableError} no answer; asking again is safe
   */
  backfill(
    name: FlowScheduleName,
    range: { readonly start: Date; readonly end: Date },
  ): Promise<void>;
  /**
   * Ends the schedule, and none of its flows. Nothing where there is none.
   *
   * @throws {TemporalUnavailableError} no answer; asking again is safe
   */
  remove(name: FlowScheduleName): Promise<void>;
}

export interface FlowSchedulesOptions {
  readonly client: Client;
  readonly taskQueue: string;
  /** The same as for `createFlows`: a day that was started by hand is known by it. */
  readonly fingerprintKey?: string | undefined;
}

export function createFlowSchedules(options: FlowSchedulesOptions): FlowSchedules {
  const { client } = options;
  const handleOf = ({ tenant, flow, schedule }: FlowScheduleName) =>
    client.schedule.getHandle(flowScheduleId(flow, schedule, tenant));
  return {
    create: async (request) => await createSchedule(options, request),
    async backfill(name, { start, end }) {
      await within(client, async () => {
        try {
          // One after the other, and none is left out: `SKIP` would lose each day but the first.
          await handleOf(name).backfill({ start, end, overlap: 'BUFFER_ALL' });
        } catch (error) {
          if (error instanceof ScheduleNotFoundError) throw new UnknownScheduleError(name.schedule);
          throw error;
        }
      });
    },
    async remove(name) {
      await within(client, async () => {
        try {
          await handleOf(name).delete();
        } catch (error) {
          if (!(error instanceof ScheduleNotFoundError)) throw error;
        }
      });
    },
  };
}

async function createSchedule(
  options: FlowSchedulesOptions,
  request: FlowScheduleRequest,
): Promise<'created' | 'there'> {
  const { client } = options;
  const schedule = scheduleOf(options, request);
  return await within(client, async () => {
    try {
      await client.schedule.create<typeof ScheduledFlowWorkflow>(schedule);
      return 'created';
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      const { scheduleId, memo } = schedule;
      const found = await client.schedule.getHandle(scheduleId).describe();
      if (found.memo?.[INTENT] === memo[INTENT]) return 'there';
      throw new IntentMismatchError(scheduleId, 'input');
    }
  });
}

/** All that the server is told, policies included. */
function scheduleOf(
  { client, taskQueue, fingerprintKey }: FlowSchedulesOptions,
  request: FlowScheduleRequest,
) {
  const { tenant, schedule, spec, overlap = 'ALLOW_ALL' } = request;
  const flow = flowInput(request);
  const { definition } = flow;
  const scheduleId = flowScheduleId(definition.name, schedule, tenant);
  return {
    scheduleId,
    spec,
    // A server that was away for a week starts all seven days when it is back.
    policies: { overlap, catchupWindow: '365 days', pauseOnFailure: false },
    memo: { [INTENT]: fingerprint([flow, spec, overlap, taskQueue], fingerprintKey) },
    action: {
      type: 'startWorkflow',
      workflowType: 'ScheduledFlowWorkflow',
      workflowId: dueWorkflowId(scheduleId),
      taskQueue,
      workflowTaskTimeout: '10 seconds',
      args: [{ schedule, flow, fingerprint: fingerprint([flow], fingerprintKey) }],
      typedSearchAttributes: searchAttributes(client, tenant, [
        { key: FLOW_NAME, value: definition.name },
      ]),
    },
  } satisfies ScheduleOptions<ScheduleOptionsStartWorkflowAction<typeof ScheduledFlowWorkflow>>;
}

/** The name under which the memo of a schedule has the fingerprint of what it was asked for. */
const INTENT = 'idempotency_fingerprint';

/**
 * How long the server may take before it counts as away, in milliseconds. A schedule is a workflow of the server's own, and
 * five seconds are what the server itself waits for the worker that had it last, before it asks another one.
 */
const ANSWER_WITHIN_MS = 10_000;

async function within<T>(client: Client, call: () => Promise<T>): Promise<T> {
  return await throughOutages(() => client.withDeadline(Date.now() + ANSWER_WITHIN_MS, call));
}
