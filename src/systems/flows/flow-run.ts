import { ApplicationFailure } from '@temporalio/common';
import {
  condition,
  defineQuery,
  defineSignal,
  log,
  proxyActivities,
  setHandler,
  sleep,
  upsertMemo,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { isContinuedAsNew } from '#temporal/workflow';
import type { FlowDefinition } from './definition.ts';
import type { Flaw } from './definition-flaws.ts';
import {
  type FlowInput,
  type FlowState,
  MAX_SIGNALS,
  MAX_VISITED,
  makeRoom,
  openFlow,
  SIGNAL_NAMES,
  type SignalInput,
  type VisitedStep,
} from './flow.ts';
import type { FlowSignal, Waiting } from './nodes/node.ts';
import { CLIENT_ANSWERED, CLIENT_ANSWERED_AT, FLOW_STEP } from './search-attributes.ts';
import type { StartChecks } from './start-check.ts';

export const getFlowStateQuery = defineQuery<FlowState>('getFlowState');

/** A flow while a run works on it. */
export interface FlowRun {
  readonly input: FlowInput;
  readonly definition: FlowDefinition;
  /** All of it crosses to the next run. */
  readonly state: FlowState;
}

/** @param carried of the run before; what a start from outside hands over as such is not looked at */
export function openState(
  start: Partial<FlowInput> | undefined,
  carried: FlowState | undefined,
): FlowState {
  return isContinuedAsNew() && carried ? carried : openFlow(start?.definition_hash ?? '');
}

/**
 * Begins with the first step of a definition that can be run; a run that goes on from another one is where it was.
 *
 * @throws {ApplicationFailure} `InvalidFlowError`
 */
export async function openRun(input: FlowInput, state: FlowState): Promise<FlowRun> {
  // What the run before has handed on was looked at then.
  if (isContinuedAsNew()) return { input, definition: input.definition, state };
  const { definition, flaws } = await check_flow(input ?? null);
  if (definition === undefined) throw invalidFlow(flaws);
  state.flow = definition.name;
  state.version = definition.version;
  state.current = definition.start_step;
  return { input, definition, state };
}

function invalidFlow(flaws: readonly Flaw[]): ApplicationFailure {
  return ApplicationFailure.create({
    message: `Bad flow: ${flaws.map(({ message }) => message).join('; ')}`,
    type: 'InvalidFlowError',
    nonRetryable: true,
    details: [flaws],
  });
}

/** It takes milliseconds; ten seconds mean that its worker is gone. */
const { check_flow } = proxyActivities<StartChecks>({
  startToCloseTimeout: '10 seconds',
  retry: {
    initialInterval: '250 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '10 seconds',
  },
});

/** Sets the handlers before the first step, so that an early signal finds somebody at home. */
export function listen(state: FlowState): void {
  setHandler(getFlowStateQuery, () => state);
  for (const name of SIGNAL_NAMES) {
    setHandler(defineSignal<[SignalInput]>(name), (signal) => receive(state, name, signal));
  }
}

/** A signal from outside can carry anything, and has nobody to tell. */
function receive(state: FlowState, name: string, signal: SignalInput | undefined): void {
  const { signal_id, payload = null } = signal ?? { signal_id: undefined };
  if (typeof signal_id !== 'string' || signal_id === '') {
    log.warn(`A ${name} signal without a signal_id was not taken`);
    return;
  }
  if (state.signals.some((known) => known.signal_id === signal_id)) return;
  if (!makeRoom(state, payload)) {
    log.warn(`A ${name} signal with too large a payload was not taken`, { signal_id });
    return;
  }
  const at = new Date();
  const received: FlowSignal = {
    signal_id,
    name,
    payload,
    received_at: at.toISOString(),
    used_by: null,
  };
  state.signals = [...state.signals, received].slice(-MAX_SIGNALS);
  upsertSearchAttributes([
    { key: CLIENT_ANSWERED, value: true },
    { key: CLIENT_ANSWERED_AT, value: at },
  ]);
}

/** What the replayed phase of one visit can wait for. */
export function waitingFor({ state }: FlowRun, visit: string): Waiting {
  const until = async <T>(what: string, ms: number, wait: () => Promise<T>) => {
    state.waiting = { for: what, deadline: new Date(Date.now() + ms).toISOString() };
    try {
      return await wait();
    } finally {
      state.waiting = null;
    }
  };
  return {
    async signal(name, withinMs) {
      const unused = () =>
        state.signals.find((signal) => signal.name === name && signal.used_by === null);
      await until(name, withinMs, () => condition(() => unused() !== undefined, withinMs));
      const found = unused();
      if (found !== undefined) found.used_by = visit;
      return found;
    },
    time: (ms) => until('time', ms, () => sleep(ms)),
  };
}

/** Tells operators what a step has come to. The newest ones stay in the memo: it is read with each description. */
export function remember({ state }: FlowRun, done: VisitedStep): void {
  const { step, node, event_type, completed_at } = done;
  const told = { step, node, event_type, completed_at };
  state.visited.push(done);
  if (state.visited.length > MAX_VISITED) state.visited.shift();
  state.visits[step] = done.visit;
  upsertMemo({
    ...(state.visited.length <= MAX_STEPS_IN_MEMO && { [`activity_result_${step}`]: told }),
    last_activity_result: told,
    workflow_status: state.status,
  });
}

/** Of a flow that is longer, the memo has the first ones and the last; the query has them all. */
const MAX_STEPS_IN_MEMO = 50;

export function enterStep({ state }: FlowRun, step: string): void {
  state.current = step;
  upsertSearchAttributes([{ key: FLOW_STEP, value: step }]);
}

/** A flow that has failed says at which step. */
export function endRun(state: FlowState, status: 'done' | 'failed'): void {
  state.status = status;
  if (status === 'done') state.current = null;
  upsertMemo({ workflow_status: status });
}
