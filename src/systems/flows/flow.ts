import type { FlowDefinition, FlowEvent } from './definition.ts';
import type { FlowSignal, StepResult } from './nodes/node.ts';

// Replayed with the workflow: no clock, no randomness, nothing of Node.

/** Input of the workflow. A running flow never changes under its feet: its definition goes with it. */
export interface FlowInput {
  /** Whose flow this is; absent where nobody is told apart. */
  readonly tenant?: string;
  readonly definition: FlowDefinition;
  /** Of the definition's content: what tells two versions with one name apart. */
  readonly definition_hash: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One step that was worked on. */
export interface VisitedStep {
  readonly step: string;
  readonly node: string;
  /** Which visit of the step this was, counted from 1. */
  readonly visit: number;
  readonly event_type: FlowEvent;
  /** ISO 8601, by the workflow's clock. */
  readonly completed_at: string;
}

/** Result of the workflow. */
export interface FlowResult {
  readonly flow: string;
  readonly version: string;
  readonly definition_hash: string;
  /** The path that was taken, in order; of a longer one the newest `MAX_VISITED`. */
  readonly visited: readonly VisitedStep[];
  /** What each step has come to; of one that was visited twice, the last. */
  readonly results: Readonly<Record<string, StepResult>>;
}

/** Everything that a run knows, as the query `getFlowState` answers it, and as one run hands it to the next one. */
export interface FlowState {
  flow: string;
  version: string;
  readonly definition_hash: string;
  status: 'running' | 'done' | 'failed';
  /** The newest `MAX_VISITED`, oldest first. */
  visited: VisitedStep[];
  /** How often each step was visited. */
  visits: Record<string, number>;
  /** The step that is worked on; `null` at the end. */
  current: string | null;
  /** What the current step waits for, and until when (ISO 8601); `null` where it waits for nothing. */
  waiting: { readonly for: string; readonly deadline: string } | null;
  results: Record<string, StepResult>;
  /** The newest `MAX_SIGNALS`, oldest first. */
  signals: readonly FlowSignal[];
}

/**
 * How many visits a flow tells of. A loop has as many as it likes, they cross to each next run, and Temporal terminates one
 * that hands over 2 MiB.
 */
export const MAX_VISITED = 1_000;

/** How many signals a flow remembers. A repeat of an older one is taken for a new one. */
export const MAX_SIGNALS = 1_000;

/**
 * How many characters of JSON the payloads have together that nothing has used yet, and that are results; one that is too
 * many is not taken. They go along with the flow, and Temporal terminates a run that hands over 2 MiB.
 */
const MAX_PAYLOADS_LENGTH = 256 * 1024;

/** The signals that a flow listens to. */
export const SIGNAL_NAMES = ['client-answered'] as const;
export type SignalName = (typeof SIGNAL_NAMES)[number];

/** What a signal brings. */
export interface SignalInput {
  /** Its sender's name for it: a repeat changes nothing. */
  readonly signal_id: string;
  readonly payload?: unknown;
}

/** @param definition_hash of the start */
export function openFlow(definition_hash: string): FlowState {
  return {
    flow: '',
    version: '',
    definition_hash,
    status: 'running',
    visited: [],
    visits: {},
    current: null,
    waiting: null,
    results: {},
    signals: [],
  };
}

export function visitsOf(state: FlowState, step: string): number {
  return Object.hasOwn(state.visits, step) ? (state.visits[step] as number) : 0;
}

export function resultOf(state: FlowState): FlowResult {
  const { flow, version, definition_hash, visited, results } = state;
  return { flow, version, definition_hash, visited, results };
}

/**
 * Whether a flow can hold one more payload.
 *
 * A payload that was used is kept by the result of its step, for as long as the step is not visited again: of the signal
 * itself it is forgotten where its room is needed. So a loop never becomes deaf.
 */
export function makeRoom(state: FlowState, payload: unknown): boolean {
  const unused = state.signals.filter(({ used_by }) => used_by === null);
  const held = [...unused, ...Object.values(state.results).map(({ output }) => output)];
  if (lengthOf([...held.map((one) => one.payload), payload]) > MAX_PAYLOADS_LENGTH) return false;

  const payloads = state.signals.map((signal) => signal.payload);
  if (lengthOf([...payloads, payload]) <= MAX_PAYLOADS_LENGTH) return true;
  state.signals = state.signals.map((signal) =>
    signal.used_by === null ? signal : { ...signal, payload: null },
  );
  return true;
}

function lengthOf(payloads: readonly unknown[]): number {
  return payloads.reduce<number>((sum, payload = null) => sum + JSON.stringify(payload).length, 0);
}
