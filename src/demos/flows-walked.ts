import {
  type FlowDefinition,
  type FlowEvent,
  FlowNotOpenError,
  type FlowSignal,
  type Flows,
  flowWorkflowId,
  type VisitedStep,
} from '#systems/flows';
import { RunFailedError } from '#temporal';
import { answersTaken } from './flows-hurried.ts';

/** A flow as it has ended. */
export interface WalkedFlow {
  readonly workflowId: string;
  /** What it is about: a cart. */
  readonly cart: string;
  /** What the flow does with them; those that it took. */
  readonly signals: readonly FlowSignal[];
  readonly visited: readonly VisitedStep[];
  /** Why it has failed, where it has. */
  readonly failure?: string;
}

/** Starts the flow of one cart; a repeat finds the run. */
export async function startFlow(flows: Flows, definition: FlowDefinition, cart: string) {
  return await flows.start({
    definition,
    name: flowWorkflowId(definition.name, cart),
    input: inputOf(cart),
  });
}

/** It is an order for those flows that are about one. */
export function inputOf(cart: string): Readonly<Record<string, unknown>> {
  return { cart_id: cart, order_id: cart, customer_id: 'ann' };
}

/** Answers at once, as often as the flow can ask; each answer has its own ID. */
export async function answerAll(
  flows: Flows,
  definition: FlowDefinition,
  workflowId: string,
): Promise<void> {
  for (let number = 1; number <= Math.min(answersTaken(definition), MOST_ANSWERS); number += 1) {
    if ((await answer(flows, workflowId, `answer-${number}`)) === 'refused') return;
  }
}

const MOST_ANSWERS = 100;

/** @returns `refused` where the flow is over */
export async function answer(
  flows: Flows,
  workflowId: string,
  signalId: string,
): Promise<'sent' | 'refused'> {
  try {
    const signal = { signal_id: signalId, payload: { liked: true } };
    await flows.signal(workflowId, 'client-answered', signal);
    return 'sent';
  } catch (error) {
    if (error instanceof FlowNotOpenError) return 'refused';
    throw error;
  }
}

/** How it has ended, whatever the end is. */
export async function walkedBy(
  flows: Flows,
  { workflowId, result }: Awaited<ReturnType<typeof startFlow>>,
  cart: string,
): Promise<WalkedFlow> {
  const failure = await result(OVER_WITHIN_MS).then(
    () => ({}),
    (error: unknown) => {
      if (error instanceof RunFailedError) return { failure: error.message };
      throw error;
    },
  );
  const state = await flows.state(workflowId);
  if (state?.flow === undefined) throw new Error(`No worker tells how far "${workflowId}" is`);
  const { visited, signals } = state.flow;
  return { workflowId, cart, visited, signals, ...failure };
}

/** The waits of the demo are short, but a definition may have many of them. */
const OVER_WITHIN_MS = 60_000;

export function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** `condition_timeout` is `timeout`. */
export function eventInWords(event: FlowEvent): string {
  return event.replace('condition_', '').replace('_', ' ');
}

/** `step_1`; of a step that is visited again `step_1#2`. */
export function visitInWords({ step, visit }: Pick<VisitedStep, 'step' | 'visit'>): string {
  return visit === 1 ? step : `${step}#${visit}`;
}
