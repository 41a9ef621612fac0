import * as fc from 'fast-check';
import type { FlowDefinition, StepDefinition } from '#systems/flows';

/** What becomes of one attempt of an effect: its worker is lost before it, or its report after it. */
export type Crash = 'before' | 'after';

/** One flow, and all that happens to it. */
export interface Plan {
  readonly definition: FlowDefinition;
  readonly input: { readonly total: number };
  /** Answers that nobody has asked for: each is sent so many times before the nth effect; 0 is at once. */
  readonly answers: readonly { readonly before: number; readonly times: number }[];
  /** How the first attempts of the nth effect end; those after them are left alone. After the last, from the start. */
  readonly crashes: readonly (readonly Crash[])[];
}

/** A patient step waits for an answer that is sent when it waits; another one has what is there, or runs out of time. */
export const PATIENT = { timeout_seconds: 60 };
const IMPATIENT = { timeout_seconds: 0.1 };

/** Every node, in a loop that is meant; both of what a webhook can say; and each crash. */
export const EVERYTHING: Plan = {
  definition: flowOf({
    ask: { node: 'send_message', go_to: 'listen' },
    listen: { node: 'wait_answer', config: PATIENT, go_to: 'once more' },
    'once more': { node: 'wait_answer', config: IMPATIENT, condition: { timeout: 'is large' } },
    'is large': {
      node: 'branch',
      config: { path: 'input.total', at_least: 3 },
      condition: { satisfied: 'tell', not_satisfied: 'a/b' },
    },
    tell: { node: 'notify_creator', go_to: 'report' },
    report: { node: 'webhook', config: { body: { says: 'later' } }, go_to: 'hold' },
    hold: { node: 'explicity_wait', config: { seconds: 0.01 }, go_to: 'a/b' },
    'a/b': {
      node: 'webhook',
      config: { body: { says: 'no' } },
      condition: { not_satisfied: 'a/b' },
      max_visits: 2,
    },
  }),
  input: { total: 3 },
  answers: [{ before: 4, times: 2 }],
  crashes: [['after'], ['before', 'after'], ['after', 'after']],
};

/** One that comes to an end of its own. */
export const LITTLE: Plan = {
  definition: flowOf({ ask: { node: 'send_message' } }),
  input: { total: 0 },
  answers: [],
  crashes: [['after']],
};

/** Several flows at once; a failing schedule is told in words. */
export function scheduleOf(flows: number): fc.Arbitrary<readonly Plan[]> {
  return fc
    .array(PLAN, { minLength: flows, maxLength: flows })
    .map((plans) => Object.assign(plans, { [fc.toStringMethod]: () => inWords(plans) }));
}

function flowOf(steps: FlowDefinition['steps']): FlowDefinition {
  return { name: 'any', version: '1', start_step: Object.keys(steps)[0] ?? '', steps };
}

/** Some are written otherwise in a key. */
const NAMES = ['ask', 'a/b', 'ä ö', 'x#1', 'constructor', '%2F', 'f', 'g'];

const TIMES = fc.constantFrom(1, 1, 2);

function definition(): fc.Arbitrary<FlowDefinition> {
  return fc
    .integer({ min: 2, max: NAMES.length })
    .chain((count) => fc.tuple(...NAMES.slice(0, count).map((_, at) => stepAt(at, count))))
    .map((steps) => flowOf(reached(Object.fromEntries(steps.map((one, at) => [NAMES[at], one])))));
}

/** Each leads onward; a step with `max_visits` may lead back as well, so that every loop has an end. */
function stepAt(at: number, count: number): fc.Arbitrary<StepDefinition> {
  const onward = fc.constantFrom<string | undefined>(undefined, ...NAMES.slice(at + 1, count));
  const anywhere = fc.constantFrom<string | undefined>(...NAMES.slice(0, count));
  const next =
    at + 1 < count
      ? fc.constantFrom(...Array.from({ length: 5 }, () => NAMES[at + 1]), undefined)
      : onward;
  const most = fc.constantFrom(undefined, undefined, undefined, 1, 2);
  return fc.tuple(NODE, most).chain(([node, max_visits]) => {
    const target = max_visits === undefined ? onward : fc.oneof(onward, anywhere);
    const condition = fc.record({ satisfied: target, not_satisfied: target, timeout: target });
    return fc
      .record({ go_to: next, condition: fc.option(condition, { nil: undefined }) })
      .map((rest) => ({ ...node, ...rest, max_visits }));
  });
}

const NODE: fc.Arbitrary<StepDefinition> = fc.oneof(
  fc.constantFrom({ node: 'send_message' }, { node: 'notify_creator' }),
  fc.constantFrom('yes', 'no', 'later').map((says) => ({
    node: 'webhook',
    config: { body: { says } },
  })),
  fc.constantFrom(PATIENT, IMPATIENT).map((config) => ({ node: 'wait_answer', config })),
  fc
    .integer({ min: 0, max: 3 })
    .map((at_least) => ({ node: 'branch', config: { path: 'input.total', at_least } })),
  fc.constant({ node: 'explicit_wait', config: { seconds: 0.01 } }),
);

/** Without those that nothing leads to: such a definition is refused. */
function reached(steps: FlowDefinition['steps']): FlowDefinition['steps'] {
  const names = new Set(Object.keys(steps).slice(0, 1));
  for (const name of names) {
    const { go_to, condition = {} } = steps[name] ?? { node: '' };
    for (const to of [go_to, ...Object.values(condition)]) if (to !== undefined) names.add(to);
  }
  return Object.fromEntries(Object.entries(steps).filter(([name]) => names.has(name)));
}

const PLAN: fc.Arbitrary<Plan> = fc.record({
  definition: definition(),
  input: fc.record({ total: fc.integer({ min: 0, max: 3 }) }),
  answers: fc.array(fc.record({ before: fc.integer({ min: 0, max: 3 }), times: TIMES }), {
    maxLength: 3,
  }),
  crashes: fc.array(fc.array(fc.constantFrom<Crash>('before', 'after'), { maxLength: 2 }), {
    minLength: 1,
    maxLength: 4,
  }),
});

function inWords(plans: readonly Plan[]): string {
  return ['', ...plans.map(planInWords), ''].join('\n');
}

function planInWords(
  { definition: { steps }, input, answers, crashes }: Plan,
  nth: number,
): string {
  return [
    `Flow ${nth + 1} is about ${input.total}.`,
    ...Object.entries(steps).map(([name, step]) => `${name}: ${JSON.stringify(step)}`),
    ...answers.map(({ before, times }) =>
      before === 0
        ? `An answer comes ${times} x at once.`
        : `An answer comes ${times} x before effect ${before}.`,
    ),
    `The first attempts of its effects crash: ${crashes.map((one) => `[${one.join(', ')}]`).join(' ')}.`,
  ].join('\n  ');
}
