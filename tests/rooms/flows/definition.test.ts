import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkFlow,
  type FlowDefinition,
  flawsOf,
  MAX_STEPS,
  type StepDefinition,
  targetsOf,
} from '#systems/flows';

const NODES = new Map([['send_message', () => []]]);
const BRANCHES = ['go_to', 'satisfied', 'not_satisfied', 'timeout'] as const;

describe('a definition with a cycle', () => {
  it.each(BRANCHES)('is refused whichever branch closes it: %s', (branch) => {
    const messages = messagesOf({ a: step({ go_to: 'b' }), b: step({ [branch]: 'a' }) });

    expect(messages).toEqual(['circular workflow definition detected at step: a']);
  });

  it('is refused at each of the 2 branches that close one, and at the step that is met again', () => {
    const steps = {
      a: step({ go_to: 'b' }),
      b: step({ go_to: 'c', timeout: 'a' }),
      c: step({ go_to: 'b' }),
    };

    expect(flaws(steps)).toEqual([
      {
        message: 'circular workflow definition detected at step: a',
        path: ['steps', 'b', 'condition', 'timeout'],
      },
      {
        message: 'circular workflow definition detected at step: b',
        path: ['steps', 'c', 'go_to'],
      },
    ]);
  });

  it.each(['a', 'b'])('can be run where max_visits of one step ends it: %s', (ending) => {
    const steps = { a: step({ go_to: 'b' }), b: step({ go_to: 'a' }) };

    expect(messagesOf({ ...steps, [ending]: { ...steps[ending as 'a'], max_visits: 3 } })).toEqual(
      [],
    );
  });

  it('is refused where max_visits ends another cycle only', () => {
    const steps = {
      a: step({ go_to: 'b' }),
      b: { ...step({ go_to: 'a', timeout: 'c' }), max_visits: 3 },
      c: step({ go_to: 'c' }),
    };

    expect(messagesOf(steps)).toEqual(['circular workflow definition detected at step: c']);
  });

  it('is refused exactly where some step leads back to itself, whatever the definition', () => {
    fc.assert(
      fc.property(anySteps(), (steps) => {
        const isRefused = messagesOf(steps).some((message) => message.startsWith('circular'));
        expect(isRefused).toBe(Object.keys(steps).some((name) => leadsBack(steps, name)));
      }),
      { numRuns: 500 },
    );
  });
});

describe('looking at a definition', () => {
  it('finds one misspelt member and the cycle behind it at once', () => {
    const steps = { a: { node: 'send_message', goto: 'a', go_to: 'a' }, b: 7 };
    const { flaws: found } = checkFlow({ name: 'x', version: '1', start_step: 'z', steps });

    expect(found.map(({ message }) => message)).toEqual([
      'steps.a.goto: is not known here',
      'steps.b: Invalid input: expected object, received number',
      'start step not found in definition: z',
      'circular workflow definition detected at step: a',
    ]);
  });

  it.each(['constructor', 'toString', 'prototype', 'end'])('takes a step called %s', (name) => {
    expect(checkFlow(flow({ [name]: step({}) }, name)).flaws).toEqual([]);
  });

  it('takes nothing for a step or a node that every object has: constructor, toString, __proto__', () => {
    const steps = JSON.parse('{"a":{"node":"toString","go_to":"constructor"},"__proto__":{}}');

    expect(checkFlow(flow(steps)).flaws.map(({ message }) => message)).toEqual([
      'step name is not allowed: __proto__',
      "invalid node name 'toString' in step 'a': node is not registered",
      'step definition not found: constructor',
    ]);
  });

  it.each([null, undefined, 7, 'flow', [], { steps: 7 }, { steps: [] }])('refuses %j', (value) => {
    expect(checkFlow(value).flaws.length).toBeGreaterThan(0);
  });

  it.each([MAX_STEPS, MAX_STEPS + 1])('takes 10,000 steps, and no more: %i', (count) => {
    expect(checkFlow(flow(chain(count), 's0')).flaws).toHaveLength(count - MAX_STEPS);
  });

  it.each([
    ['a chain', chain],
    ['a fan that comes together in the middle', fan],
    ['a cycle through every step', ring],
    ['targets that are not there', astray],
  ])('costs ten times as much for ten times the steps: %s', (_, make) => {
    const [few, many] = [lookUps(make(100)), lookUps(make(10 * 100))];

    // What a definition of any size costs is small, and a square would be a hundred times as much.
    expect(many / few, 'look-ups of 1,000 steps for one of 100').toBeLessThan(10 + 1);
  });
});

function step({
  go_to,
  ...condition
}: Partial<Record<(typeof BRANCHES)[number], string>>): StepDefinition {
  const branches = Object.keys(condition).length > 0 ? { condition } : {};
  return { node: 'send_message', ...branches, ...(go_to !== undefined && { go_to }) };
}

type Steps = FlowDefinition['steps'];

function flow(steps: Steps, start_step = 'a'): FlowDefinition {
  return { name: 'x', version: '1', start_step, steps };
}

function flaws(steps: Steps) {
  return checkFlow(flow(steps)).flaws;
}

function messagesOf(steps: Steps): string[] {
  return flaws(steps).map(({ message }) => message);
}

const STEP_NAMES = ['a', 'b', 'c', 'd', 'e'];

function anySteps(): fc.Arbitrary<Steps> {
  const target = fc.constantFrom(undefined, undefined, undefined, ...STEP_NAMES, 'nowhere');
  const one = fc
    .record({
      go_to: target,
      timeout: target,
      max_visits: fc.constantFrom(undefined, undefined, 2),
    })
    .map(({ go_to, timeout, max_visits }) => ({
      node: 'send_message',
      condition: { timeout },
      go_to,
      max_visits,
    }));
  return fc.record(Object.fromEntries(STEP_NAMES.map((name) => [name, one])));
}

/** The slow way, with nothing of the code that is tested: through steps without `max_visits` only. */
function leadsBack(steps: Steps, from: string): boolean {
  const ahead = (name: string) => {
    const one = steps[name];
    return one === undefined || one.max_visits !== undefined ? [] : targetsOf(one);
  };
  const reached = new Set(ahead(from));
  for (const name of reached) for (const target of ahead(name)) reached.add(target);
  return reached.has(from);
}

function madeOf(count: number, one: (at: number) => StepDefinition): Steps {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`s${at}`, one(at)]));
}

function chain(count: number): Steps {
  return madeOf(count, (at) => step(at < count - 1 ? { go_to: `s${at + 1}` } : {}));
}

function ring(count: number): Steps {
  return madeOf(count, (at) => step({ go_to: `s${(at + 1) % count}`, timeout: 's0' }));
}

/** Whoever walks on from the middle each time that something leads there walks the square of it. */
function fan(count: number): Steps {
  const middle = count / 2;
  return madeOf(count, (at) => {
    if (at === count - 1) return step({});
    return step({ go_to: `s${at + 1}`, ...(at < middle && { timeout: `s${middle}` }) });
  });
}

function astray(count: number): Steps {
  return madeOf(count, (at) => step({ go_to: `n${at}`, timeout: `t${at}` }));
}

/** How often anything is asked of the steps: the work, without a clock. */
function lookUps(steps: Steps): number {
  let count = 0;
  const counted = new Proxy(steps, {
    get: (target, name) => {
      count += 1;
      return Reflect.get(target, name);
    },
    getOwnPropertyDescriptor: (target, name) => {
      count += 1;
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
  flawsOf(flow(counted, 's0'), NODES);
  return count;
}
