import type { Condition, FlowDefinition, StepDefinition } from './definition.ts';

/** What can be read of a definition whose shape is wrong; undefined where it has no steps. */
export function legible(value: unknown): FlowDefinition | undefined {
  if (!isRecord(value) || !isRecord(value.steps)) return undefined;
  const steps = Object.entries(value.steps).map(([name, step]) => [name, legibleStep(step)]);
  return {
    name: '',
    version: '',
    start_step: textOf(value.start_step) ?? '',
    steps: Object.fromEntries(steps),
  };
}

function legibleStep(value: unknown): StepDefinition {
  const step = isRecord(value) ? value : {};
  const { config, max_visits } = step;
  return {
    node: textOf(step.node) ?? '',
    config: isRecord(config) ? config : undefined,
    go_to: nameOf(step.go_to),
    condition: isRecord(step.condition) ? legibleCondition(step.condition) : undefined,
    // A loop that was meant is no second thing that is wrong, where only its number is.
    max_visits: max_visits === undefined ? undefined : 1,
  };
}

function legibleCondition({
  satisfied,
  not_satisfied,
  timeout,
}: Readonly<Record<string, unknown>>) {
  return {
    satisfied: nameOf(satisfied),
    not_satisfied: nameOf(not_satisfied),
    timeout: nameOf(timeout),
  } satisfies Condition;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function nameOf(value: unknown): string | undefined {
  return textOf(value) || undefined;
}
