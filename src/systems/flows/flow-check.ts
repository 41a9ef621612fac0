import type { z } from 'zod';
import type { FlowDefinition } from './definition.ts';
import { type ConfigFlaws, type Flaw, flawsOf } from './definition-flaws.ts';
import { flowSchema } from './flow-schema.ts';
import { legible } from './legible.ts';
import { ALIASES, nodeCalled } from './nodes/names.ts';
import { SCHEMAS } from './nodes/schemas.ts';

/** A definition that can be run, or everything that is wrong with it. */
export type CheckedFlow =
  | { readonly definition: FlowDefinition; readonly flaws: readonly [] }
  | { readonly definition: undefined; readonly flaws: readonly Flaw[] };

/** Looks at everything: before a start, and again in the run, which anybody can start. */
export function checkFlow(value: unknown): CheckedFlow {
  const shape = flowSchema.safeParse(value);
  const shapeFlaws = [
    ...reservedNames(value),
    ...(shape.success ? [] : flawsOfIssues(shape.error)),
  ];
  const whole: FlowDefinition | undefined = shapeFlaws.length === 0 ? shape.data : undefined;
  if (whole === undefined) {
    return { definition: undefined, flaws: [...shapeFlaws, ...flawsBeside(shapeFlaws, value)] };
  }
  const flaws = flawsOf(whole, CONFIG_FLAWS);
  return flaws.length === 0 ? { definition: whole, flaws: [] } : { definition: undefined, flaws };
}

/**
 * The definition with whatever a config leaves out filled in. A run walks through this one, so a default that changes
 * tomorrow changes nothing under its feet.
 *
 * @param definition one that `checkFlow` has found good
 */
export function filledIn(definition: FlowDefinition): FlowDefinition {
  const steps = Object.entries(definition.steps).map(([name, step]) => {
    const node = nodeCalled(step.node);
    return [name, node ? { ...step, config: SCHEMAS[node].parse(step.config ?? {}) } : step];
  });
  return { ...definition, steps: Object.fromEntries(steps) };
}

/** All of them in one line, as a failure or a terminal tells it. */
export function inWords(flaws: readonly Flaw[]): string {
  return flaws.map(({ message }) => message).join('; ');
}

/** One name that no object of JavaScript has as plain data: a step that is called so would be lost on the way. */
function reservedNames(value: unknown): Flaw[] {
  const steps = Object(value).steps;
  if (!Object.hasOwn(Object(steps), '__proto__')) return [];
  return [{ message: 'step name is not allowed: __proto__', path: ['steps', '__proto__'] }];
}

/** One member that is misspelt does not hide a cycle: the rest is looked at as far as it can be read. */
function flawsBeside(shapeFlaws: readonly Flaw[], value: unknown): Flaw[] {
  const part = legible(value);
  if (part === undefined) return [];
  const told = new Set(shapeFlaws.map(({ path }) => placeOf(path)));
  return flawsOf(part, CONFIG_FLAWS, true).filter(
    ({ path }) => !path.some((_, index) => told.has(placeOf(path.slice(0, index + 1)))),
  );
}

function placeOf(path: Flaw['path']): string {
  return JSON.stringify(path);
}

function flawsOfIssues({ issues }: { readonly issues: readonly z.core.$ZodIssue[] }): Flaw[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        message: `${path.map((part) => `${part}.`).join('')}${key}: is not known here`,
        path: [...path, key],
      }));
    }
    const inner = closestOf(issue);
    if (inner !== undefined) {
      return flawsOfIssues({
        issues: inner.map((one) => ({ ...one, path: [...issue.path, ...one.path] })),
      });
    }
    const words = wordsOf(issue);
    return [{ message: path.length === 0 ? words : `${path.join('.')}: ${words}`, path }];
  });
}

/** Of several shapes that would do, the one that is nearest to what was written; undefined where two are as near. */
function closestOf(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] | undefined {
  if (issue.code === 'invalid_key') return issue.issues;
  if (issue.code !== 'invalid_union') return undefined;
  const [nearest, next] = issue.errors.toSorted((one, other) => one.length - other.length);
  return nearest && next && nearest.length < next.length ? nearest : undefined;
}

function wordsOf({ code, message }: z.core.$ZodIssue): string {
  const isMissing = code === 'invalid_type' && message.endsWith('received undefined');
  return isMissing ? 'is missing' : message;
}

const ofNode = (schema: z.ZodType): ConfigFlaws => {
  return (config) => {
    const parsed = schema.safeParse(config);
    return parsed.success ? [] : flawsOfIssues(parsed.error);
  };
};

const CONFIG_FLAWS: ReadonlyMap<string, ConfigFlaws> = new Map([
  ...Object.entries(SCHEMAS).map(([name, schema]) => [name, ofNode(schema)] as const),
  ...Object.entries(ALIASES).map(([alias, name]) => [alias, ofNode(SCHEMAS[name])] as const),
]);
