import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { NotAttempted, Refused } from '#idempotency';
import { type CreateStore, type Kind, open } from './store-under-test.ts';

const EXPIRES_AFTER_MS = 1_000;
const LEASE_MS = 1_000;

/** Any sequence of requests, times and decisions comes to the same as in a model without I/O. */
export function modelContract(kind: Kind, create: CreateStore): void {
  it('answers any sequence of requests as a model without a database does', {
    timeout: 20_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { maxLength: 12 }), async (steps) => {
        await using world = await open(create, {
          expiresAfterMs: EXPIRES_AFTER_MS,
          leaseMs: LEASE_MS,
        });
        const model = createModel(kind);

        for (const [at, step] of steps.entries()) {
          const told = await take(world, step, at);
          expect(told, `step ${at}: ${JSON.stringify(step)}`).toEqual(model.take(step, at));
        }
        expect(await world.effects(), 'effects').toEqual(model.effects);
      }),
      { numRuns: 40 },
    );
  });
}

type Step =
  | {
      readonly do: 'ask';
      readonly key: string;
      readonly fingerprint: string;
      readonly how: 'done' | 'refused' | 'not attempted' | 'unknown';
      readonly refusals: 'store' | 'release';
    }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'settle'; readonly ending: 'done' | 'refused' | 'not attempted' }
  | { readonly do: 'prune' };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      key: fc.constantFrom('a', 'b'),
      // Mostly the same request again.
      fingerprint: fc.constantFrom('f', 'f', 'f', 'g'),
      how: fc.constantFrom('done', 'refused', 'not attempted', 'unknown'),
      refusals: fc.constantFrom('store', 'release'),
    }),
  },
  fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 500, 1_000) }),
  fc.record({
    do: fc.constant('settle' as const),
    ending: fc.constantFrom('done', 'refused', 'not attempted'),
  }),
  fc.record({ do: fc.constant('prune' as const) }),
);

/** @returns what the store says to this step, in words */
async function take(
  { store, act, passMs }: Awaited<ReturnType<typeof open>>,
  step: Step,
  at: number,
): Promise<string> {
  if (step.do === 'pass') passMs(step.ms);
  if (step.do === 'prune') return `${await store.prune()} forgotten`;
  if (step.do === 'settle') {
    const [oldest] = await store.stuck();
    if (oldest === undefined) return 'none stuck';
    await store.settle(oldest.key, oldest.token, { ending: step.ending, value: at });
    return `${oldest.key} settled`;
  }
  if (step.do !== 'ask') return 'passed';

  const { key, fingerprint, how, refusals } = step;
  const asked = store.once(
    key,
    fingerprint,
    async (claim) => {
      if (how === 'refused') throw new Refused('No', { answer: at });
      if (how === 'not attempted') throw new NotAttempted('Not yet');
      await act(claim);
      if (how === 'unknown') throw new Error('Reset');
      return at;
    },
    { refusals },
  );
  try {
    const once = await asked;
    return 'value' in once ? `${once.outcome} ${once.ending} ${once.value}` : once.outcome;
  } catch (error) {
    return `threw ${(error as Error).message}`;
  }
}

interface ModelEntry {
  readonly fingerprint: string;
  readonly state: 'in flight' | 'done' | 'refused';
  readonly value?: number;
  readonly since: number;
}

/** The contract, for one client at a time. */
function createModel(kind: Kind) {
  const entries = new Map<string, ModelEntry>();
  const effects: string[] = [];
  let now = 0;
  const hasExpired = ({ state, since }: ModelEntry) =>
    state !== 'in flight' && now >= since + EXPIRES_AFTER_MS;

  function settle(ending: 'done' | 'refused' | 'not attempted', at: number): string {
    const stuck = [...entries].find(
      ([, { state, since }]) => state === 'in flight' && now >= since + LEASE_MS,
    );
    if (stuck === undefined) return 'none stuck';
    const [key, { fingerprint }] = stuck;
    if (ending === 'not attempted') entries.delete(key);
    else keep(key, { fingerprint, state: ending, value: at, since: now });
    return `${key} settled`;
  }

  function prune(): string {
    const expired = [...entries].filter(([, entry]) => hasExpired(entry));
    for (const [key] of expired) entries.delete(key);
    return `${expired.length} forgotten`;
  }

  function ask({ key, fingerprint, how, refusals }: Step & { do: 'ask' }, at: number): string {
    const entry = entries.get(key);
    if (entry !== undefined && !hasExpired(entry)) {
      if (entry.fingerprint !== fingerprint) return 'mismatch';
      return entry.state === 'in flight' ? 'in-flight' : `replay ${entry.state} ${entry.value}`;
    }
    const holds = kind === 'keeps in flight';
    // A claim takes the place of what has expired, and where it is rolled back, gives it back.
    if (holds) entries.delete(key);
    if (how === 'done' || (how === 'unknown' && holds)) effects.push(key);
    if (how === 'unknown') {
      if (holds) keep(key, { fingerprint, state: 'in flight', since: now });
      return 'threw Reset';
    }
    if (how === 'not attempted') return 'threw Not yet';
    if (how === 'refused' && refusals === 'release') return 'threw No';
    keep(key, { fingerprint, state: how, value: at, since: now });
    return `first ${how} ${at}`;
  }

  /** At the end of the Map, as the youngest. */
  function keep(key: string, entry: ModelEntry): void {
    entries.delete(key);
    entries.set(key, entry);
  }

  return {
    effects,
    take(step: Step, at: number): string {
      if (step.do === 'ask') return ask(step, at);
      if (step.do === 'settle') return settle(step.ending, at);
      if (step.do === 'prune') return prune();
      now += step.ms;
      return 'passed';
    },
  };
}
