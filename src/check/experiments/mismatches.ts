import { type RuleId, ruleOf } from '../contract/index.ts';
import { type Finding, judge, sameAnswer, told } from '../findings.ts';
import type { Probe } from '../probe.ts';
import type { Asked } from '../request.ts';
import {
  begin,
  type Experiment,
  requireAccount,
  requireAmount,
  UntestableError,
} from './experiment.ts';

/** A key that was used before, for something else. */
export const MISMATCHES: readonly Experiment[] = [
  {
    rules: ['A06'],
    async run(probe) {
      const { field, value } = requireAmount(probe.settings);
      return { A06: await mismatch(probe, 'A06', { [field]: String(value + 1) }) };
    },
  },
  {
    rules: ['A07'],
    async run(probe) {
      const { field } = requireAccount(probe.settings);
      const { otherAccount } = probe.settings;
      const before = await balanceOf(probe, otherAccount);
      if (before !== undefined && before < (probe.settings.amount?.value ?? 0)) {
        throw new UntestableError(`"${otherAccount}" holds too little to be asked: pay in`);
      }
      const finding = await mismatch(probe, 'A07', { [field]: JSON.stringify(otherAccount) });
      const after = await balanceOf(probe, otherAccount);
      if (before === after) return { A07: finding };
      const seen = `${otherAccount} went from ${before} to ${after}; ${finding.seen}`;
      return { A07: { verdict: 'broken', seen } };
    },
  },
];

async function mismatch(
  probe: Probe,
  id: Extract<RuleId, 'A06' | 'A07'>,
  members: NonNullable<Asked['members']>,
): Promise<Finding> {
  const { key, first } = await begin(probe);
  const { value, effects } = await probe.during(async () => ({
    other: await probe.ask({ key, members }),
    original: await probe.ask({ key }),
  }));
  const { other, original } = value;
  if (id === 'A07' && other.status === 404) {
    throw new UntestableError(
      `the account "${probe.settings.otherAccount}" is not known there: name one by --other-account`,
    );
  }
  return judge({
    seen: `${told(other)}${other.status === 409 ? ' (better: 422)' : ''}, and the original replays`,
    flaws: [
      !ruleOf(id).status?.includes(other.status) && `it was answered ${told(other)}`,
      !sameAnswer(first, original) && `after it, the original was answered otherwise`,
    ],
    effects: { seen: effects, wanted: 0 },
    byAnswers: true,
  });
}

/** undefined where there is none to read. */
async function balanceOf({ reader, settings }: Probe, account: string) {
  const isByAccount = settings.effects?.path.includes('{account}');
  if (reader?.by !== 'balance' || !isByAccount) return undefined;
  return await reader.read({ account }).catch(() => {
    throw new UntestableError(
      `no balance of "${account}" is found: name another by --other-account`,
    );
  });
}
