import {
  type Finding,
  isSuccess,
  judge,
  notTestable,
  sameAnswer,
  tally,
  told,
} from '../findings.ts';
import type { Settings } from '../options.ts';
import type { Probe } from '../probe.ts';
import { type Asked, keyText } from '../request.ts';
import { begin, type Experiment, requireHeaderKey } from './experiment.ts';
import { refusals } from './refusals.ts';

/** What counts as one key, and as none. */
export const KEYS: readonly Experiment[] = [
  {
    rules: ['A08'],
    run: async (probe) => ({ A08: await refusals(probe, 'A08', { 'no key': { rawKey: [] } }) }),
  },
  {
    rules: ['A09'],
    run: async (probe) => ({ A09: await refusals(probe, 'A09', blankKeys(probe.settings)) }),
  },
  { rules: ['A11'], run: async (probe) => ({ A11: await otherCase(probe) }) },
  { rules: ['A12'], run: async (probe) => ({ A12: await otherSpellings(probe) }) },
  {
    rules: ['A19'],
    async run(probe) {
      requireHeaderKey(probe.settings);
      const rawKey = [probe.newKey(), probe.newKey()].map((key) => keyText(probe.settings, key));
      return { A19: await refusals(probe, 'A19', { 'a request with two keys': { rawKey } }) };
    },
  },
  { rules: ['A21'], run: async (probe) => ({ A21: await longCommonPrefix(probe) }) },
];

function blankKeys({ key }: Settings): Record<string, Asked> {
  if (key.in === 'path') return { 'a blank key': { rawKey: '%20' } };
  const bare = { 'an empty header': { rawKey: [''] } };
  if (key.bare) return bare;
  return { ...bare, 'an empty string': { rawKey: '""' }, 'a blank string': { rawKey: '" "' } };
}

async function otherCase(probe: Probe): Promise<Finding> {
  const { value, effects } = await probe.during(async () => {
    const { key, first } = await begin(probe, {});
    return { first, upper: await probe.ask({ key: key.toUpperCase() }) };
  });
  return judge(twoKeys(probe, value.first, value.upper, effects));
}

/** Two keys that look alike: two effects, or the second one refused. */
function twoKeys(
  { facts }: Probe,
  first: Parameters<typeof told>[0],
  second: Parameters<typeof told>[0],
  effects: number | undefined,
) {
  if (!isSuccess(second)) {
    const isRefused = second.status >= 400 && second.status < 500;
    return {
      seen: `the second was refused with ${told(second)}`,
      flaws: [!isRefused && `the second was answered ${told(second)}`],
      effects: { seen: effects, wanted: 1 },
      byAnswers: true,
    };
  }
  const isOne = effects === undefined && facts.answersTell && sameAnswer(first, second);
  return {
    seen: 'two keys',
    flaws: [isOne && 'the second got the answer of the first'],
    effects: { seen: effects, wanted: 2 },
    byAnswers: facts.answersTell,
  };
}

async function otherSpellings(probe: Probe): Promise<Finding> {
  const { key, first } = await begin(probe);
  const { value, effects } = await probe.during(async () => {
    const flaws: string[] = [];
    for (const { what, mayBeRefused = false, ...asked } of spellingsOf(probe.settings, key)) {
      const answer = await probe.ask(asked);
      const isRefused = mayBeRefused && (answer.status === 400 || answer.status === 422);
      if (!sameAnswer(first, answer) && !isRefused)
        flaws.push(`${what}: ${told(answer)}, no replay`);
    }
    return flaws;
  });
  return judge({
    seen: 'one key, or a spelling refused',
    flaws: value,
    effects: { seen: effects, wanted: 0 },
    byAnswers: probe.facts.answersTell,
  });
}

interface Spelling extends Asked {
  readonly what: string;
  readonly mayBeRefused?: boolean;
}

function spellingsOf(settings: Settings, key: string): readonly Spelling[] {
  const text = keyText(settings, key);
  if (settings.key.in === 'path') {
    const hex = key.charCodeAt(0).toString(16);
    return [{ what: 'its first letter percent-encoded', rawKey: `%${hex}${key.slice(1)}` }];
  }
  const { name, bare } = settings.key;
  const otherName = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
  return [
    { what: 'the header in another case', rawKey: [], headers: [[otherName, text]] },
    { what: 'blanks around the value', rawKey: `  ${text}  ` },
    ...(bare ? [] : [{ what: 'without its quotes', rawKey: key, mayBeRefused: true }]),
  ];
}

async function longCommonPrefix(probe: Probe): Promise<Finding> {
  const base = probe.newKey();
  for (const length of [255, 128, 64, base.length]) {
    const prefix = base.padStart(length, 'k').slice(0, -1);
    const { value, effects } = await probe.during(async () => {
      const first = await probe.ask({ key: `${prefix}a` });
      if (!isSuccess(first)) return { first };
      return { first, second: await probe.ask({ key: `${prefix}b` }) };
    });
    const { first, second } = value;
    if (second === undefined) continue;
    const observed = twoKeys(probe, first, second, effects);
    // Here nothing but their length speaks against the second one.
    const refused = !isSuccess(second) && `the second was answered ${told(second)}`;
    const seen = `${observed.seen} of ${length} characters (${tally([first, second])})`;
    return judge({ ...observed, seen, flaws: [...observed.flaws, refused] });
  }
  return notTestable('no key of 36 characters or more was served');
}
