import type { RuleId } from '../contract/index.ts';
import { type Finding, type Findings, isSuccess, judge, tally, told } from '../findings.ts';
import type { Settings } from '../options.ts';
import type { Probe } from '../probe.ts';
import { type Asked, bodyText } from '../request.ts';
import { type Experiment, requireAccount, requireAmount } from './experiment.ts';
import { refusals } from './refusals.ts';

type Cases = Readonly<Record<string, Asked>>;

/** Bodies that are not what they should be. */
export const BODIES: readonly Experiment[] = [
  refused('B01', malformed),
  refused('B02', () => ({ 'an empty body': { body: '' } })),
  refused('B03', () => ({
    'no content type': { contentType: undefined },
    'text/plain': { contentType: 'text/plain' },
    'a form': { contentType: 'application/x-www-form-urlencoded' },
  })),
  refused('B04', (settings) => accounts(settings, ['press-twice-nobody'])),
  refused('B05', (settings) => amounts(settings, BAD_AMOUNTS)),
  refused('B06', (settings) => amounts(settings, ['NaN', 'Infinity', '-Infinity', '0x10', '010'])),
  refused('B07', (settings) => amounts(settings, [`${requireAmount(settings).value}.005`])),
  { rules: ['B08'], run: async (probe) => ({ B08: await pollution(probe) }) },
  refused('B09', (settings) =>
    accounts(settings, ['__proto__', 'constructor', 'toString', 'hasOwnProperty']),
  ),
  refused('B10', () => ({
    'an array': { body: '[]' },
    'a string': { body: '"fee"' },
    'a number': { body: '10' },
    null: { body: 'null' },
  })),
  refused('B11', twoOfOneName),
  { rules: ['B12'], run: async (probe) => ({ B12: await deepNesting(probe) }) },
  refused('B13', (settings) => {
    const { field, value } = requireAccount(settings);
    const [before = '', after = ''] = bodyText(settings, { [field]: '"\u0000"' }).split('\u0000');
    const mangled = [before, value, Buffer.from([0xff, 0xc3, 0x28]), after].map((part) =>
      Buffer.from(part),
    );
    return { 'invalid UTF-8': { body: Buffer.concat(mangled) } };
  }),
];

function refused(id: RuleId, casesOf: (settings: Settings) => Cases): Experiment {
  return {
    rules: [id],
    run: async (probe): Promise<Findings> => ({
      [id]: await refusals(probe, id, casesOf(probe.settings)),
    }),
  };
}

function malformed(settings: Settings): Cases {
  const text = bodyText(settings);
  return {
    'JSON cut short': { body: text.slice(0, -1) },
    'a comma too many': { body: `${text.slice(0, -1)},}` },
    'text behind the JSON': { body: `${text}}` },
  };
}

function accounts(settings: Settings, names: readonly string[]): Cases {
  const { field } = requireAccount(settings);
  const cases = names.map(
    (name) => [name, { members: { [field]: JSON.stringify(name) } }] as const,
  );
  return Object.fromEntries(cases);
}

/** JSON texts, most of which no number of JavaScript could be. */
const BAD_AMOUNTS = [
  '-10',
  '0',
  '-0',
  '"10"',
  'null',
  'absent',
  'true',
  '[10]',
  '{"value":10}',
  '1e400',
  '1e308',
  '9007199254740993',
];

function amounts(settings: Settings, texts: readonly string[]): Cases {
  const { field } = requireAmount(settings);
  return Object.fromEntries(
    texts.map((text) => [
      `an amount of ${text}`,
      { members: { [field]: text === 'absent' ? undefined : text } },
    ]),
  );
}

function twoOfOneName(settings: Settings): Cases {
  const [[name, text] = ['amount', '10']] = [...settings.body].toReversed();
  const rest = bodyText(settings).slice(1);
  return {
    'one name with two values': { body: `{${JSON.stringify(name)}:null,${rest}` },
    'one name twice': { body: `{${JSON.stringify(name)}:${text},${rest}` },
  };
}

/** A server that merges what it parses would give every later request these members. */
async function pollution(probe: Probe): Promise<Finding> {
  const text = bodyText(probe.settings);
  const { amount } = probe.settings;
  const stolen = amount && {
    key: probe.newKey(),
    body: withMember(bodyText(probe.settings, { [amount.field]: undefined }), '__proto__', text),
  };
  const prototype = '{"prototype":{"polluted":true}}';
  const { value, effects } = await probe.during(async () => {
    const polluting = [
      await probe.ask({ key: probe.newKey(), body: withMember(text, '__proto__', '{"a":1}') }),
      await probe.ask({ key: probe.newKey(), body: withMember(text, 'constructor', prototype) }),
    ];
    const inherited = stolen && (await probe.ask(stolen));
    return { polluting, inherited, after: await probe.ask({ key: probe.newKey() }) };
  });
  const { polluting, inherited, after } = value;
  const served = polluting.filter(isSuccess).length;
  return judge({
    seen: `${tally(polluting)}, and ${told(after)} after them`,
    flaws: [
      polluting.some(({ status }) => status === 0 || status >= 500) &&
        `answered ${tally(polluting)}`,
      inherited && isSuccess(inherited) && 'an amount was read from the prototype',
      !isSuccess(after) && `a good request after them was answered ${told(after)}`,
    ],
    effects: { seen: effects, wanted: served + 1 },
    byAnswers: true,
  });
}

function withMember(text: string, name: string, value: string): string {
  return text === '{}' ? `{"${name}":${value}}` : `${text.slice(0, -1)},"${name}":${value}}`;
}

/** As the body it has to be refused; as a member that nobody reads it may be passed over. */
async function deepNesting(probe: Probe): Promise<Finding> {
  const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const asBody = await refusals(probe, 'B12', { '20,000 arrays': { body: nested } });
  const { value: answer, effects } = await probe.during(() =>
    probe.ask({ key: probe.newKey(), members: { note: nested } }),
  );
  const asMember = judge({
    seen: `as a member, ${told(answer)}`,
    flaws: [(answer.status === 0 || answer.status >= 500) && `as a member: ${told(answer)}`],
    effects: { seen: effects, wanted: isSuccess(answer) ? 1 : 0 },
    byAnswers: true,
  });
  if (asBody.verdict !== asMember.verdict) return asBody.verdict === 'held' ? asMember : asBody;
  return { verdict: asBody.verdict, seen: `${asBody.seen}; ${asMember.seen}` };
}
