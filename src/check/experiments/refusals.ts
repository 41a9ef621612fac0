import { type RuleId, ruleOf } from '../contract/index.ts';
import { type Finding, judge, tally, told } from '../findings.ts';
import type { Probe } from '../probe.ts';
import type { Asked } from '../request.ts';
import type { Answer } from '../wire/answer.ts';

/** What was sent, in a word or two, and what came back. */
export type Case = readonly [what: string, answer: Answer];

/** Sends what has to be refused, each under a key of its own; whatever is not refused as the rule says breaks it. */
export async function refusals(
  probe: Probe,
  id: RuleId,
  cases: Readonly<Record<string, Asked>>,
): Promise<Finding> {
  return await refusing(probe, id, async () => {
    const answered: Case[] = [];
    for (const [what, asked] of Object.entries(cases)) {
      const key = 'rawKey' in asked || 'key' in asked ? {} : { key: probe.newKey() };
      answered.push([what, await probe.ask({ ...key, ...asked })]);
    }
    return answered;
  });
}

/** The same for what is sent in another way. */
export async function refusing(
  probe: Probe,
  id: RuleId,
  send: () => Promise<readonly Case[]>,
): Promise<Finding> {
  const { value: cases, effects } = await probe.during(send);
  const { status: accepted = [], prefer = [] } = ruleOf(id);
  const answers = cases.map(([, answer]) => answer);
  const isBest = answers.every(({ status }) => prefer.length === 0 || prefer.includes(status));
  return judge({
    seen: `refused: ${tally(answers)}${isBest ? '' : ` (better: ${prefer.join(' or ')})`}`,
    flaws: cases.map(
      ([what, answer]) => !isOneOf(accepted, answer) && `${what} was answered ${told(answer)}`,
    ),
    effects: { seen: effects, wanted: 0 },
    // That it was refused is the server's own word.
    byAnswers: true,
  });
}

/** 0 stands for a connection that the server has closed; one that is silent, or was never open, refuses nothing. */
function isOneOf(accepted: readonly number[], { status, why }: Answer): boolean {
  return accepted.includes(status) && (status !== 0 || why === 'closed');
}
