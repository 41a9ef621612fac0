import { type RuleId, ruleOf } from '../contract/index.ts';
import { type Finding, isSuccess, judge, sameAnswer, told } from '../findings.ts';
import type { Probe } from '../probe.ts';
import {
  begin,
  type Experiment,
  requireAccount,
  requireAmount,
  UntestableError,
} from './experiment.ts';

type Members = Readonly<Record<string, string>>;

/** A key that was used before, for something else. */
export const MISMATCHES: readonly Experiment[] = [
  {
    rules: ['A06'],
    async run(probe) {
      const { field, value } = requireAmount(probe.settings);
      const members = { [field]: String(value + 1) };
      await requireServed(probe, members, 'is there money left?');
      return { A06: await mismatch(probe, 'A06', members) };
    },
  },
  {
    rules: ['A07'],
    async run(probe) {
      const { field } = requireAccount(probe.settings);
      const { otherAccount } = probe.settings;
      const members = { [field]: JSON.stringify(otherAccount) };
      await requireServed(probe, members, `give one with money as --other-account`);
      const before = await balanceOf(probe, otherAccount);
      const finding = await mismatch(probe, 'A07', members);
      const after = await balanceOf(probe, otherAccount);
      if (before === after) return { A07: finding };
      const seen = `${otherAccount} went from ${before} to ${after}; ${finding.seen}`;
      return { A07: { verdict: 'broken', seen } };
    },
  },
];

/** What is refused under a key of its own as well, is not refused for its key. */
async function requireServed(probe: Probe, members: Members, advice: string): Promise<void> {
  const answer = await probe.ask({ key: probe.newKey(), members });
  if (isSuccess(answer)) return;
  const text = Object.values(members).join();
  throw new UntestableError(`${text} is answered ${told(answer)} under a new key too: ${advice}`);
}

async function mismatch(
  probe: Probe,
  id: Extract<RuleId, 'A06' | 'A07'>,
  members: Members,
): Promise<Finding> {
  const { key, first } = await begin(probe);
  const { value, effects } = await probe.during(async () => ({
    other: await probe.ask({ key, members }),
    original: await probe.ask({ key }),
  }));
  const { other, original } = value;
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
