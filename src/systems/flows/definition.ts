// Replayed with the workflow: no clock, no randomness, nothing of Node.

/** What a node says when it is done; the definition says where that leads. */
export type FlowEvent = 'condition_satisfied' | 'condition_not_satisfied' | 'condition_timeout';

/** Where each event leads. */
export interface Condition {
  readonly satisfied?: string | undefined;
  readonly not_satisfied?: string | undefined;
  readonly timeout?: string | undefined;
}

/** One step: which node works on it, and what comes next. */
export interface StepDefinition {
  readonly node: string;
  /** For the node; its schema says what. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  /** The next step where the condition has no branch for the event. */
  readonly go_to?: string | undefined;
  readonly condition?: Condition | undefined;
  /** How often this step may be visited. A loop on purpose needs it on one of its steps, and ends there. */
  readonly max_visits?: number | undefined;
}

/** A flow as data. */
export interface FlowDefinition {
  /** Of letters, digits, `_`, `-` and `.`: it stands in workflow IDs. */
  readonly name: string;
  readonly version: string;
  readonly start_step: string;
  readonly steps: Readonly<Record<string, StepDefinition>>;
}

/** The condition's branch for the event, else `go_to`, else the end. */
export function nextStep(
  { condition, go_to }: StepDefinition,
  event: FlowEvent,
): string | undefined {
  return condition?.[BRANCH[event]] ?? go_to;
}

/** Every step that may come next. */
export function targetsOf({ condition, go_to }: StepDefinition): readonly string[] {
  const branches = [condition?.satisfied, condition?.not_satisfied, condition?.timeout, go_to];
  return [...new Set(branches.filter((target) => target !== undefined))];
}

const BRANCH = {
  condition_satisfied: 'satisfied',
  condition_not_satisfied: 'not_satisfied',
  condition_timeout: 'timeout',
} as const satisfies Record<FlowEvent, keyof Condition>;
