import type { Asker } from '#temporal/activity';
import type { FlowEvent } from '../definition.ts';

// Replayed with the workflow: no clock, no randomness, nothing of Node.

/** What a node may know, in either phase. Plain data. */
export interface NodeContext {
  readonly flow: string;
  readonly step: string;
  /** Which visit of the step this is, counted from 1. */
  readonly visit: number;
  /** What the flow was started with. */
  readonly input: Readonly<Record<string, unknown>>;
  /** What the steps before have come to, by step; of a step that was visited twice, the last. */
  readonly results: Readonly<Record<string, StepResult>>;
  /** In which order they were visited, the newest last. An object has no order where its names are numbers. */
  readonly visited: readonly { readonly step: string }[];
}

/** What a step has come to. */
export interface StepResult {
  readonly event: FlowEvent;
  /** For the steps that follow; JSON. */
  readonly output: Readonly<Record<string, unknown>>;
}

/** A signal, as the flow has kept it. */
export interface FlowSignal {
  readonly signal_id: string;
  readonly name: string;
  /** `null` where it was used and its room was needed: the result of its step has it. */
  readonly payload: unknown;
  /** ISO 8601, by the workflow's clock. */
  readonly received_at: string;
  /** The visit that it has answered; `null` where it came for nothing, or too late. */
  used_by: string | null;
}

/** What the replayed phase can wait for. */
export interface Waiting {
  /** The first signal of this name that nothing has used, now or in time; undefined where the time was up first. */
  signal(name: string, withinMs: number): Promise<FlowSignal | undefined>;
  /** Lets the time pass. */
  time(ms: number): Promise<void>;
}

/** The replayed phase of a node: signals, timers, decisions. Without one a node is satisfied at once. */
export type Wait<Config> = (
  config: Config,
  context: NodeContext,
  waiting: Waiting,
) => Promise<StepResult>;

/**
 * What an effect may know. What it needs of the steps before, its replayed phase hands on in `waited`: with all of them in
 * each activity, a history would grow with the square of the steps.
 */
export interface EffectContext extends Omit<NodeContext, 'results' | 'visited'> {
  /** What the replayed phase has come to. */
  readonly waited: StepResult;
}

/** The effect of a node, in an activity: at least once, under one key. */
export type Effect<Config> = (
  config: Config,
  context: EffectContext,
  once: EffectTools,
) => Promise<StepResult>;

/** How an effect reaches the world. Everything that it is given belongs to one visit of one step. */
export interface EffectTools {
  /** The key of this visit. It goes along with whatever is done. */
  readonly key: string;
  /** Whose flow it is. */
  readonly tenant: string | undefined;
  readonly workflowId: string;
  /** Who is at it, for the ledger. */
  readonly asker: Asker;
  readonly signal: AbortSignal;
}

export const SATISFIED: StepResult = { event: 'condition_satisfied', output: {} };
