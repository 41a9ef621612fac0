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
import type { Answer } from '../wire/answer.ts';
import { type Experiment, requirePathKey } from './experiment.ts';
import { refusals } from './refusals.ts';

/** Keys that are not what keys usually are. */
export const IDENTIFIERS: readonly Experiment[] = [
  {
    rules: ['C01'],
    run: async (probe) => ({ C01: await refusals(probe, 'C01', overlong(probe)) }),
  },
  { rules: ['C02'], run: async (probe) => ({ C02: await opaque(probe, UNICODE, 2) }) },
  { rules: ['C03'], run: async (probe) => ({ C03: await opaque(probe, PATHS, 1) }) },
  { rules: ['C04'], run: async (probe) => ({ C04: await injected(probe) }) },
  {
    rules: ['C05'],
    run: async (probe) => ({ C05: await refusals(probe, 'C05', controls(probe.settings)) }),
  },
  {
    rules: ['C06'],
    async run(probe) {
      requirePathKey(probe.settings);
      const cases = { 'half an escape': { rawKey: '%E0%A4%A' }, '%zz': { rawKey: '%zz' } };
      return { C06: await refusals(probe, 'C06', cases) };
    },
  },
  { rules: ['C07'], run: async (probe) => ({ C07: await opaque(probe, METACHARACTERS, 1) }) },
  { rules: ['C08'], run: async (probe) => ({ C08: await inheritedNames(probe) }) },
];

const UNICODE = ['ключ-é', '鍵-😀'];
const PATHS = ['../../etc/passwd', '..%2f..%2fetc%2fpasswd', '..\\..\\etc\\passwd'];
const METACHARACTERS = [
  "'; DROP TABLE keys; --",
  "' OR '1'='1",
  '$(id); `id`',
  '{{7*7}} ${7*7}',
  '<script>alert(1)</script>',
];

function overlong(probe: Probe): Record<string, Asked> {
  const lengths = [256, 1_000, 8_000, 20_000];
  return Object.fromEntries(
    lengths.map((length) => [
      `a key of ${length} characters`,
      { key: probe.newKey().padStart(length, 'k') },
    ]),
  );
}

/** Such a key names something of its own, or is refused: it is never another thing's name, and breaks nothing. */
async function opaque(probe: Probe, texts: readonly string[], times: 1 | 2): Promise<Finding> {
  const { value, effects } = await probe.during(async () => {
    const answered: (readonly [key: string, answers: readonly Answer[]])[] = [];
    for (const text of texts) {
      const key = `${text}-${probe.newKey()}`;
      const answers = [await probe.ask({ key })];
      if (times === 2) answers.push(await probe.ask({ key }));
      answered.push([text, answers]);
    }
    return answered;
  });
  const all = value.flatMap(([, answers]) => answers);
  return judge({
    seen: tally(all),
    flaws: value.map(([text, [first, again]]) => oddKey(text, first, again)),
    effects: {
      seen: effects,
      wanted: value.filter(([, [first]]) => first && isSuccess(first)).length,
    },
    byAnswers: true,
  });
}

function oddKey(text: string, first: Answer | undefined, again: Answer | undefined) {
  if (first === undefined) return undefined;
  const isTaken = isSuccess(first) || (first.status >= 400 && first.status < 500);
  if (!isTaken) return `${text} was answered ${told(first)}`;
  const isSame = again === undefined || sameAnswer(first, again) || !isSuccess(first);
  return isSame ? undefined : `${text} got another answer the second time (${told(again)})`;
}

/** In a header a line end cannot be part of a key; what stands behind it would be a line of its own. */
async function injected(probe: Probe): Promise<Finding> {
  const { key } = probe.settings;
  const cases: Record<string, Asked> =
    key.in === 'path'
      ? { 'a key with CRLF': { rawKey: 'a%0D%0AX-Injected:%20yes' } }
      : { 'a key with CR': { rawKey: around(probe.settings, '\rX-Injected: yes') } };
  const finding = await refusals(probe, 'C04', cases);
  const isInjected = probe.exchanges.some(({ answer }) => 'x-injected' in answer.headers);
  return isInjected ? judge({ seen: '', flaws: ['its answer has the injected header'] }) : finding;
}

function controls(settings: Settings): Record<string, Asked> {
  const bytes = { NUL: '\u0000', BEL: '\u0007', ESC: '\u001B', DEL: '\u007F' };
  return Object.fromEntries(
    Object.entries(bytes).map(([name, byte]) => [
      `a key with ${name}`,
      { rawKey: around(settings, settings.key.in === 'path' ? encodeURIComponent(byte) : byte) },
    ]),
  );
}

/** The text in the middle of a key, written as it is. */
function around(settings: Settings, text: string): string {
  return keyText(settings, 'a-b').replace('-', () => text);
}

/** Names that every object of JavaScript has: a table of keys without care finds them used. */
async function inheritedNames(probe: Probe): Promise<Finding> {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  // An ordinary key that each check uses tells whether one was here before.
  const sign = await probe.during(() => probe.ask({ key: 'press-twice-check' }));
  const isUsed = isSuccess(sign.value)
    ? probe.isReplay(sign.value) || sign.effects === 0
    : [409, 422].includes(sign.value.status);
  if (isUsed) return notTestable('an earlier check has used these keys');

  const { value, effects } = await probe.during(async () => {
    const answered: (readonly [name: string, first: Answer, again: Answer])[] = [];
    for (const key of names)
      answered.push([key, await probe.ask({ key }), await probe.ask({ key })]);
    return answered;
  });
  const firsts = value.map(([, first]) => first);
  const served = firsts.filter(isSuccess).length;
  return judge({
    seen: tally(firsts),
    flaws: value.map(([name, first, again]) => oddName(name, first, again)),
    effects: { seen: effects, wanted: served },
    byAnswers: true,
  });
}

const REFUSED: readonly number[] = [400, 404];

function oddName(name: string, first: Answer, again: Answer): string | undefined {
  if (REFUSED.includes(first.status)) return undefined;
  if (!isSuccess(first)) return `the first use of ${name} was answered ${told(first)}`;
  if (sameAnswer(first, again)) return undefined;
  return `${name} got another answer the second time (${told(again)})`;
}
