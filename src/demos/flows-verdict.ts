import { fingerprint } from '#idempotency';
import { count } from '#report';
import {
  type FlowDefinition,
  type NodeName,
  nextStep,
  type StepDefinition,
  stepKey,
  type VisitedStep,
  WITH_EFFECT,
} from '#systems/flows';
import type { Verdict } from '#testkit';
import { clipped, eventInWords, visitInWords, type WalkedFlow } from './flows-walked.ts';

export interface FlowProofInput {
  readonly definition: FlowDefinition;
  readonly walked: readonly WalkedFlow[];
  /** All that is in the outbox and in the receiver's books, of these flows or not. */
  readonly effects: readonly { readonly key: string }[];
}

/**
 * Whether the claim holds, counted from the outbox and from the receiver's books: each visit of a step that has an effect
 * has one, nothing else is there, and each path is one that the definition allows.
 */
export function proveFlows(input: FlowProofInput): Verdict {
  return prove(input, { isWhole: true });
}

/** The same of one act. @param found what else is wrong with it */
export function proveFlowAct(input: FlowProofInput, found: readonly string[] = []): Verdict {
  return prove(input, { isWhole: false, found });
}

interface ProveOptions {
  readonly isWhole: boolean;
  readonly found?: readonly string[];
}

function prove(input: FlowProofInput, { isWhole, found = [] }: ProveOptions): Verdict {
  const { definition, walked, effects } = input;
  const problems = [
    ...walked.flatMap((flow) => problemsOf(flow, input)),
    ...strangers(input),
    ...walked.flatMap((flow) => problemsOfPath(flow, definition)),
    ...found,
  ];
  const visits = walked.flatMap(visitsWithEffect).length;
  if (visits === 0) problems.push('no step with an effect was visited: nothing was shown');
  const told = `${count(walked.length, 'flow')}, ${count(visits, 'visit')} of steps with an effect`;
  const says = `${told}, ${count(effects.length, 'effect')}`;
  return {
    holds: problems.length === 0,
    says: isWhole ? `PROOF OF IDEMPOTENCY: ${says}` : says,
    details: [],
    problems,
  };
}

/** How often this visit of this flow had its effect. One that was made without a key begins with the key that it lacks. */
export function effectsOfVisit(
  { workflowId }: WalkedFlow,
  { step, visit }: Pick<VisitedStep, 'step' | 'visit'>,
  effects: FlowProofInput['effects'],
): number {
  const key = stepKey(workflowId, step, visit);
  // A key that no header can hold goes to the receiver as its digest.
  const [digest, unkeyed] = [fingerprint(key), `${key}-`];
  return effects.filter(({ key: of }) => of === key || of === digest || of.startsWith(unkeyed))
    .length;
}

export function visitsWithEffect({ visited }: WalkedFlow): readonly VisitedStep[] {
  return visited.filter(({ node }) => WITH_EFFECT.has(node as NodeName));
}

function problemsOf(flow: WalkedFlow, { effects }: FlowProofInput): string[] {
  const { cart, failure } = flow;
  return [
    ...(failure === undefined ? [] : [`${cart}: failed, ${clipped(failure, 60)}`]),
    ...visitsWithEffect(flow).flatMap((visit) => {
      const found = effectsOfVisit(flow, visit, effects);
      if (found === 1) return [];
      return [`${cart}, ${visitInWords(visit)}: ${count(found, 'effect')} instead of 1`];
    }),
  ];
}

function strangers({ walked, effects }: FlowProofInput): string[] {
  const known = walked
    .flatMap((flow) => visitsWithEffect(flow).map((visit) => effectsOfVisit(flow, visit, effects)))
    .reduce((sum, found) => sum + found, 0);
  const strange = effects.length - known;
  return strange === 0 ? [] : [`${count(strange, 'effect')} of no step that was visited`];
}

function problemsOfPath({ cart, visited, failure }: WalkedFlow, definition: FlowDefinition) {
  const problems: string[] = [];
  let due: string | undefined = definition.start_step;
  for (const { step, event_type } of visited) {
    if (step !== due)
      problems.push(`${cart}: ${step} was visited where ${due ?? 'the end'} was due`);
    const known: StepDefinition | undefined = definition.steps[step];
    due = known && nextStep(known, event_type);
    if (known === undefined) problems.push(`${cart}: the flow has no step ${step}`);
  }
  const last = visited.at(-1);
  if (due !== undefined && failure === undefined) {
    const after = last ? `${visitInWords(last)}, ${eventInWords(last.event_type)}` : 'the start';
    problems.push(`${cart}: it ends after ${after} where ${due} was due`);
  }
  return problems;
}
