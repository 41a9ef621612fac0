import { ruleOf } from '../contract/index.ts';
import {
  type Finding,
  isSuccess,
  judge,
  notTestable,
  sameAnswer,
  tally,
  told,
} from '../findings.ts';
import type { Probe } from '../probe.ts';
import { bodyText } from '../request.ts';
import type { Answer } from '../wire/answer.ts';
import { begin, type Experiment, requireAmount, UntestableError } from './experiment.ts';

/** The same request again, in other circumstances. */
export const REPLAYS: readonly Experiment[] = [
  { rules: ['A04'], run: async (probe) => ({ A04: await twentyReplays(probe) }) },
  { rules: ['A13'], run: async (probe) => ({ A13: await otherSpelling(probe) }) },
  { rules: ['A14'], run: async (probe) => ({ A14: await afterBadRequests(probe) }) },
  { rules: ['A22'], run: async (probe) => ({ A22: await refusedTwice(probe) }) },
];

async function twentyReplays(probe: Probe): Promise<Finding> {
  const { value, effects } = await probe.during(async () => {
    const { key, first } = await begin(probe);
    const answers: Answer[] = [];
    for (let n = 0; n < 20; n += 1) answers.push(await probe.ask({ key }));
    return answers.filter((answer) => !sameAnswer(first, answer));
  });
  return judge({
    seen: 'twenty times the same answer',
    flaws: [value.length > 0 && `${value.length} of 20 answers differ from the first`],
    effects: { seen: effects, wanted: 1 },
    byAnswers: probe.facts.answersTell,
  });
}

async function otherSpelling(probe: Probe): Promise<Finding> {
  const spaced = [...probe.settings.body]
    .toReversed()
    .map(([name, text]) => `\t${JSON.stringify(name)} : ${text}\r\n`);
  const { value: flaw, effects } = await probe.during(async () => {
    const { key, first } = await begin(probe);
    const again = await probe.ask({ key, body: ` { ${spaced.join(' , ')} } ` });
    if (sameAnswer(first, again) || again.status === 422) return undefined;
    return `answered ${told(again)}, not as the first time`;
  });
  return judge({
    seen: 'a replay, or refused with 422',
    flaws: [flaw],
    effects: { seen: effects, wanted: 1 },
    byAnswers: probe.facts.answersTell,
  });
}

async function afterBadRequests(probe: Probe): Promise<Finding> {
  const { amount } = probe.settings;
  const key = probe.newKey();
  const { value, effects } = await probe.during(async () => {
    const bad = [await probe.ask({ key, body: bodyText(probe.settings).slice(0, -1) })];
    if (amount) bad.push(await probe.ask({ key, members: { [amount.field]: `-${amount.value}` } }));
    if (bad.some(isSuccess)) throw new UntestableError('a request that is not valid was served');
    return { bad, good: await probe.ask({ key }) };
  });
  return judge({
    seen: `after ${tally(value.bad)}, ${told(value.good)}`,
    flaws: [!isSuccess(value.good) && `the good request after it was answered ${told(value.good)}`],
    effects: { seen: effects, wanted: 1 },
    byAnswers: true,
  });
}

async function refusedTwice(probe: Probe): Promise<Finding> {
  const { field } = requireAmount(probe.settings);
  if (probe.reader?.by !== 'balance') {
    return notTestable('no amount is known to be too much: give --account-path');
  }
  const tooMuch = String(Math.ceil(Math.max(0, await probe.reader.read())) + 1);
  const key = probe.newKey();
  const ask = () => probe.ask({ key, members: { [field]: tooMuch } });
  const { value, effects } = await probe.during(async () => [await ask(), await ask()] as const);

  const [first, again] = value;
  if (isSuccess(first)) return notTestable('an amount above the balance was served');
  return judge({
    seen: `${told(first)} both times`,
    flaws: [
      !ruleOf('A22').status?.includes(first.status) && `it was answered ${told(first)}`,
      !sameAnswer(first, again) && `the second answer differs: ${told(again)}`,
    ],
    effects: { seen: effects, wanted: 0 },
  });
}
