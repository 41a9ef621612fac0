import type { RunFailedError, StartedRun } from '#temporal';
import type { FlowDefinition } from './definition.ts';
import type { FlowResult, FlowState, SignalInput, SignalName } from './flow.ts';

/** What is to be started. */
export interface FlowRequest {
  readonly tenant?: string | undefined;
  /** Looked at before the start: whatever is wrong with it is told, and nothing is started. */
  readonly definition: FlowDefinition;
  readonly input?: Readonly<Record<string, unknown>> | undefined;
  /** The workflow ID without its tenant: `flowWorkflowId` makes one of a business fact. */
  readonly name: string;
}

/** Flows that a workflow walks through: one name, one run, whoever starts it and however often. `createFlows` makes one. */
export interface Flows {
  /**
   * @throws {InvalidFlowError} nothing was started
   * @throws {IntentMismatchError} the name was used before, for another definition or another input
   * @throws {TemporalUnavailableError} no answer; asking again is safe
   */
  start(request: FlowRequest): Promise<StartedRun<FlowResult>>;
  /**
   * Sends a signal; a repeat of its `signal_id` changes nothing.
   *
   * @throws {FlowNotOpenError} nobody has started it, or it is over
   * @throws {TemporalUnavailableError} no answer; asking again is safe
   */
  signal(name: string, signal: SignalName, input: SignalInput, tenant?: string): Promise<void>;
  /**
   * What has become of a flow; undefined where nobody has started it, or retention has passed.
   *
   * @throws {TemporalUnavailableError}
   */
  state(name: string, tenant?: string): Promise<FlowView | undefined>;
  /**
   * The name of a run, of its tenant alone; undefined where there is none.
   *
   * Trap: a run that was started a moment ago may not be found yet.
   *
   * @throws {TemporalUnavailableError}
   */
  nameOf(runId: string, tenant?: string): Promise<string | undefined>;
}

/** A run, and what it knows of its flow. */
export interface FlowView {
  readonly workflowId: string;
  readonly runId: string;
  readonly status: 'running' | 'done' | 'failed';
  /** Undefined where no worker answers the query. */
  readonly flow: FlowState | undefined;
  readonly result?: FlowResult;
  readonly error?: RunFailedError;
}
