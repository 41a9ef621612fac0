import * as fc from 'fast-check';

/** How a node's config may be written, and how it may not; nothing of the schemas is asked. */
const CONFIGS: Readonly<
  Record<string, { readonly good: readonly unknown[]; readonly bad: readonly unknown[] }>
> = {
  send_message: {
    good: [undefined, {}, { to: 'ann', text: 'Hello' }],
    bad: [{ text: '' }, { to: 7 }, { tx: 'Hello' }],
  },
  notify_creator: { good: [undefined, { text: 'Look' }], bad: [{ text: null }, { from: 'ann' }] },
  webhook: {
    good: [undefined, { url: 'https://example.com/hooks', body: { a: [1] } }],
    bad: [{ url: 'file:///etc/passwd' }, { url: '/hooks' }, { body: [] }],
  },
  wait_answer: {
    good: [undefined, { timeout_seconds: 0.1 }, { signal: 'client-answered' }],
    bad: [{ timeout_seconds: 0 }, { timeout_seconds: '60' }, { signal: 'another' }],
  },
  explicit_wait: { good: [undefined, { seconds: 0 }], bad: [{ seconds: -1 }, { second: 1 }] },
  branch: {
    good: [
      { path: 'input.total', at_least: 3 },
      { path: 'results.a.output.b', equals: null },
      { path: 'input.a', exists: true },
    ],
    bad: [undefined, { path: 'input.a' }, { path: 'a', exists: true }, { exists: true }],
  },
};
const ALIASES: Readonly<Record<string, string>> = { explicity_wait: 'explicit_wait' };
const NODES = [...Object.keys(CONFIGS), ...Object.keys(ALIASES)];

/** Names that every object has are steps like others. */
const STEP_NAMES = ['a', 'b', 'c', 'd', 'constructor'];
const BRANCHES = ['satisfied', 'not_satisfied', 'timeout'];

/** Mostly the first kind: a definition with many faults shows no more than one with a few. */
function mostly<T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 40, arbitrary: good }, { weight: 1, arbitrary: bad });
}

/** Anything at all that may be sent as a definition: many can be run, most have a thing or two that is wrong. */
export function anyDefinition(): fc.Arbitrary<unknown> {
  const name = mostly<unknown>(fc.constantFrom('x', 'a.b-c_d'), anyOf('', 'a b', 7, undefined));
  const version = mostly<unknown>(fc.constantFrom(undefined, '1'), anyOf('', 1, null));
  const start_step = mostly<unknown>(fc.constant('a'), anyOf('b', '', 'toString', null));
  const steps = mostly<unknown>(anySteps(), fc.jsonValue());
  const flow = fc.record({ name, version, start_step, steps }).map(withoutUndefined);
  const extra = fc
    .tuple(flow, fc.constant({ start: 'a' }))
    .map((both) => Object.assign({}, ...both));
  return mostly<unknown>(mostly(flow, extra), fc.jsonValue());
}

/** By the rules as they are written in words, step by step and with recursion, with nothing of the code that is tested. */
export function canBeRun(value: unknown): boolean {
  if (!isObject(value, ['name', 'version', 'start_step', 'steps'])) return false;
  const { name, version = '1', start_step, steps } = value;
  if (typeof name !== 'string' || !/^[\w.-]{1,100}$/.test(name)) return false;
  if (!isStepName(version) || typeof start_step !== 'string' || !isObject(steps)) return false;
  const all = new Map(Object.entries(steps));
  if (![...all].every(([step, one]) => isStepName(step) && isStep(one))) return false;
  const reached = new Set<string>();
  return comesToItsEnd(all as Steps, start_step, [], reached) && reached.size === all.size;
}

type Step = Readonly<Record<string, unknown>>;
type Steps = ReadonlyMap<string, Step>;

function isStep(value: unknown): value is Step {
  if (!isObject(value, ['node', 'config', 'go_to', 'condition', 'max_visits'])) return false;
  const { node, config, go_to, condition = {}, max_visits = 1 } = value;
  if (!isObject(condition, BRANCHES)) return false;
  if (![go_to, ...Object.values(condition)].every((to) => to === undefined || isStepName(to))) {
    return false;
  }
  if (!Number.isInteger(max_visits) || Number(max_visits) < 1) return false;
  if (typeof node !== 'string') return false;
  const known = CONFIGS[ALIASES[node] ?? node];
  const written = JSON.stringify(config);
  return known?.good.some((good) => JSON.stringify(good) === written) === true;
}

/** Whether every way from here ends, at a step that there is; a step with `max_visits` ends each way that comes back. */
function comesToItsEnd(
  steps: Steps,
  name: string,
  way: readonly string[],
  reached: Set<string>,
): boolean {
  const step = steps.get(name);
  if (step === undefined) return false;
  reached.add(name);
  const met = way.indexOf(name);
  if (met >= 0) return way.slice(met).some((one) => steps.get(one)?.max_visits !== undefined);
  return [step.go_to, ...Object.values(step.condition ?? {})].every(
    (to) => to === undefined || comesToItsEnd(steps, to, [...way, name], reached),
  );
}

function isStepName(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= 255;
}

function isObject(
  value: unknown,
  members?: readonly string[],
): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return members === undefined || Object.keys(value).every((name) => members.includes(name));
}

function anySteps(): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  return fc
    .integer({ min: 1, max: STEP_NAMES.length })
    .chain((count) => fc.tuple(...STEP_NAMES.slice(0, count).map((_, at) => anyStep(at, count))))
    .map((steps) => Object.fromEntries(steps.map((step, at) => [STEP_NAMES[at], step])));
}

/** Each but the last leads on to the next one; sometimes back, and seldom astray. */
function anyStep(at: number, count: number): fc.Arbitrary<unknown> {
  const onward = STEP_NAMES.slice(at + 1, count);
  const forward = fc.constantFrom<unknown>(undefined, undefined, ...onward);
  const target = mostly(forward, anyOf(...STEP_NAMES, 'nowhere', '', 7));
  const members = fc.record({
    go_to: mostly(onward.length > 0 ? fc.constant<unknown>(onward[0]) : forward, target),
    condition: fc.oneof(
      fc.constant<unknown>(undefined),
      fc
        .record(Object.fromEntries(BRANCHES.map((branch) => [branch, target])))
        .map(withoutUndefined),
    ),
    max_visits: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom<unknown>(undefined, undefined, undefined, 1, 3) },
      { weight: 1, arbitrary: anyOf(0, 1.5, '2') },
    ),
  });
  return fc.tuple(anyNode(), members).map(([node, rest]) => withoutUndefined({ ...node, ...rest }));
}

function anyNode(): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const known = fc.constantFrom(...NODES).chain((node) => {
    const configs = CONFIGS[ALIASES[node] ?? node];
    const config = mostly(anyOf(...(configs?.good ?? [])), anyOf(...(configs?.bad ?? []), 7, []));
    return config.map((one) => ({ node, config: one }));
  });
  const unknown = anyOf('', ' ', 'nowhere', 'toString', 7).map((node) => ({ node }));
  return mostly<Readonly<Record<string, unknown>>>(known, unknown);
}

function anyOf(...values: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc.constantFrom(...values);
}

/** As JSON has it: a member that is not there. */
function withoutUndefined(value: object): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(value));
}
