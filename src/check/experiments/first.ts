import { FirstRequestRefusedError, NobodyAnswersError } from '../errors.ts';
import { type Finding, isSuccess, judge, notTestable, sameAnswer, told } from '../findings.ts';
import type { Header } from '../options.ts';
import type { Probe } from '../probe.ts';
import type { Answer } from '../wire/answer.ts';
import type { Experiment } from './experiment.ts';

/**
 * One key, the same key again, another key. It comes before all others, because it tells what one effect is, and
 * whether answers tell their keys.
 *
 * @throws {NobodyAnswersError | FirstRequestRefusedError}
 */
export const firstRequests: Experiment = {
  rules: ['A01', 'A02', 'A03', 'A10'],
  async run(probe) {
    const key = probe.newKey();
    const one = await probe.during(() => probe.ask({ key }));
    requireServed(one.value, probe);
    const A01 = firstEffect(one.value, one.effects, probe);
    probe.facts.cost = costOf(one.effects, probe);
    if (one.effects !== undefined) probe.calibrate(one.effects);

    const again = await probe.during(() => probe.ask({ key }));
    probe.facts.replayMark = markOf(one.value, again.value);
    const other = await probe.during(() => probe.ask({ key: probe.newKey() }));
    probe.facts.answersTell = !sameAnswer(one.value, other.value);
    return {
      A01,
      A02: judge({
        seen: 'the same answer',
        flaws: [differs(one.value, again.value)],
        effects: { seen: again.effects, wanted: 0 },
        byAnswers: probe.facts.answersTell,
      }),
      A03: marked(again.value, probe.facts.replayMark),
      A10: judge({
        seen: 'two answers',
        flaws: [!isSuccess(other.value) && `the second key was answered ${told(other.value)}`],
        effects: { seen: other.effects, wanted: 1 },
        byAnswers: probe.facts.answersTell,
      }),
    };
  },
};

function requireServed(answer: Answer, { settings: { host, timeoutMs } }: Probe): void {
  if (isSuccess(answer)) return;
  if (answer.status === 0) {
    const { why, detail } = answer;
    const what = why === 'timed out' ? `no answer within ${timeoutMs} ms` : why;
    const advice = /certificate/i.test(detail ?? '') ? ': see --ca' : '';
    throw new NobodyAnswersError(
      `Nobody answers at ${host}: ${what}${detail ? ` (${detail})${advice}` : ''}`,
    );
  }
  throw new FirstRequestRefusedError(
    `The first request was answered ${answer.status} (${reasonIn(answer)}): the check needs one that succeeds; see --body and --header`,
  );
}

/** What a problem document says, or the beginning of whatever it is. */
function reasonIn({ body }: Answer): string {
  const texts = ['detail', 'message', 'error', 'title'].map(
    (name) => new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]*(?:\\\\.[^"\\\\]*)*)"`).exec(body)?.[1],
  );
  const detail = texts.find((text) => text !== undefined);
  const text = detail === undefined ? body.slice(0, 80) : String(JSON.parse(`"${detail}"`));
  return text.replaceAll(/\s+/g, ' ').trim() || 'without a body';
}

function firstEffect(answer: Answer, effects: number | undefined, probe: Probe): Finding {
  const { amount } = probe.settings;
  const unitIsKnown = amount !== undefined || probe.reader?.by === 'count';
  // A balance may count what is paid as well as what is left.
  const size = effects === undefined ? undefined : Math.abs(effects);
  const isOne = size !== undefined && !unitIsKnown && size > 0;
  return judge({
    seen: told(answer),
    effects: { seen: isOne ? 1 : size, wanted: 1 },
  });
}

function costOf(effects: number | undefined, { reader, settings }: Probe): number | undefined {
  const isTakenOff = reader?.by === 'balance' && effects !== undefined && effects > 0;
  return isTakenOff ? effects * (settings.amount?.value ?? 1) : undefined;
}

function differs(first: Answer, again: Answer): string | false {
  if (sameAnswer(first, again)) return false;
  if (first.status !== again.status) return `${told(again)} instead of ${told(first)}`;
  return 'another body than the first time';
}

function markOf(first: Answer, again: Answer): Header | undefined {
  if (!isSuccess(again)) return undefined;
  return Object.entries(again.headers).find(
    ([name, value]) => MARKS.test(name) && first.headers[name] !== value,
  );
}

const MARKS = /idempot|replay|duplicate/;

function marked(again: Answer, mark: Header | undefined): Finding {
  if (!isSuccess(again)) return notTestable(`the replay was answered ${told(again)}`);
  return judge({
    seen: mark?.join(': ') ?? '',
    flaws: [mark === undefined && 'no header tells the replay from the first'],
  });
}
