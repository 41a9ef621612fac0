import type { FlowDefinition, StepDefinition } from './definition.ts';

/** One thing that is wrong with a definition, and where. */
export interface Flaw {
  readonly message: string;
  /** Names and indexes from the definition's root: `['steps', 'step_1', 'go_to']`. */
  readonly path: readonly (string | number)[];
}

/** What a node says of a config; nothing where it is good. */
export type ConfigFlaws = (config: unknown) => readonly Flaw[];

/**
 * Everything that is wrong with a definition whose shape is right: the start, nodes and their configs, targets, cycles,
 * and steps that nothing leads to. Nothing where it can be run. Step by step, in the order of the definition; its time
 * grows with steps and branches, and not with their square.
 *
 * @param nodes what each node that is registered says of its config
 * @param isPartOnly some steps or branches could not be read: which ones are never reached is not known
 */
export function flawsOf(
  definition: FlowDefinition,
  nodes: ReadonlyMap<string, ConfigFlaws>,
  isPartOnly = false,
): readonly Flaw[] {
  const { start_step: start, steps } = definition;
  const hasStart = Object.hasOwn(steps, start);
  const reached = hasStart && !isPartOnly ? reachedFrom(start, steps) : undefined;
  const closing = closingBranches(definition);
  const flaws: Flaw[] = hasStart ? [] : [{ message: startFlaw(start), path: ['start_step'] }];
  for (const [name, step] of Object.entries(steps)) {
    if (reached?.has(name) === false) {
      flaws.push({ message: `step is never reached: ${name}`, path: ['steps', name] });
    }
    for (const flaw of nodeFlaws(name, step, nodes)) flaws.push(flaw);
    for (const flaw of branchFlaws(name, step, steps, closing)) flaws.push(flaw);
  }
  return flaws;
}

function startFlaw(start: string): string {
  if (start === '') return 'start step is empty';
  return `start step not found in definition: ${start}`;
}

function nodeFlaws(
  name: string,
  { node, config }: StepDefinition,
  nodes: ReadonlyMap<string, ConfigFlaws>,
): Flaw[] {
  const path = ['steps', name, 'node'];
  if (node.trim() === '') return [{ message: `step ${name} has an empty node name`, path }];
  const configFlaws = nodes.get(node);
  if (configFlaws === undefined) {
    const message = `invalid node name '${node}' in step '${name}': node is not registered`;
    return [{ message, path }];
  }
  return configFlaws(config ?? {}).map((flaw) => ({
    message: `bad config in step '${name}' (node '${node}'): ${flaw.message}`,
    path: ['steps', name, 'config', ...flaw.path],
  }));
}

/** Where a step may lead, and in which of its members that is written. */
interface Branch {
  readonly place: readonly string[];
  readonly target: string;
}

const CONDITIONS = ['satisfied', 'not_satisfied', 'timeout'] as const;

function branchesOf({ go_to, condition }: StepDefinition): Branch[] {
  const branches: Branch[] = go_to === undefined ? [] : [{ place: ['go_to'], target: go_to }];
  if (condition === undefined) return branches;
  for (const name of CONDITIONS) {
    const target = condition[name];
    if (target !== undefined) branches.push({ place: ['condition', name], target });
  }
  return branches;
}

function branchFlaws(
  name: string,
  step: StepDefinition,
  steps: FlowDefinition['steps'],
  closing: ReadonlyMap<string, ReadonlySet<string>>,
): Flaw[] {
  const closed = closing.get(name);
  return branchesOf(step).flatMap(({ place, target }) => {
    const path = ['steps', name, ...place];
    if (!Object.hasOwn(steps, target)) {
      return [{ message: `step definition not found: ${target}`, path }];
    }
    if (!closed?.has(target)) return [];
    return [{ message: `circular workflow definition detected at step: ${target}`, path }];
  });
}

/**
 * The targets that close a cycle, by the step that leads to them. Depth-first from the start and without recursion, so
 * that a chain of ten thousand steps is as good as one of ten.
 */
function closingBranches({
  start_step,
  steps,
}: FlowDefinition): ReadonlyMap<string, ReadonlySet<string>> {
  const closing = new Map<string, Set<string>>();
  const entered = new Map<string, 'open' | 'done'>();
  const trail: { readonly name: string; readonly ahead: Branch[] }[] = [];
  const enter = (name: string) => {
    if (entered.has(name)) return;
    entered.set(name, 'open');
    trail.push({ name, ahead: goingOn(steps, name).toReversed() });
  };
  for (const root of [start_step, ...Object.keys(steps)]) {
    enter(root);
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const target = top.ahead.pop()?.target;
      if (target === undefined) {
        entered.set(top.name, 'done');
        trail.pop();
      } else if (entered.get(target) === 'open') {
        closing.set(top.name, (closing.get(top.name) ?? new Set()).add(target));
      } else {
        enter(target);
      }
    }
  }
  return closing;
}

/** Where a cycle may go on: a step with `max_visits` is left out, because it comes to its end. */
function goingOn(steps: FlowDefinition['steps'], name: string): readonly Branch[] {
  const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
  if (step === undefined || step.max_visits !== undefined) return [];
  return branchesOf(step);
}

function reachedFrom(start: string, steps: FlowDefinition['steps']): ReadonlySet<string> {
  const reached = new Set([start]);
  // A set grows while it is walked.
  for (const name of reached) {
    const step = Object.hasOwn(steps, name) ? steps[name] : undefined;
    for (const { target } of step ? branchesOf(step) : []) reached.add(target);
  }
  return reached;
}
