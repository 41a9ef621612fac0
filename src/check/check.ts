import {
  type Group,
  type Level,
  RULES,
  type RuleId,
  SOURCES,
  type SourceId,
} from './contract/index.ts';
import { EffectUnreadableError } from './errors.ts';
import { type Experiment, isSpent, UntestableError } from './experiments/experiment.ts';
import { EXPERIMENTS } from './experiments/index.ts';
import { type Findings, forAll, notTestable, type Verdict } from './findings.ts';
import type { CheckOptions, Settings } from './options.ts';
import { createProbe, type Probe } from './probe.ts';
import { readSettings } from './settings.ts';

/** What a check has found; plain data. */
export interface CheckReport {
  readonly url: string;
  /** Every rule of the contract, in the order of their IDs. */
  readonly rules: readonly RuleReport[];
  readonly held: number;
  readonly broken: number;
  /** How many of the broken ones are a MUST. */
  readonly brokenMusts: number;
  readonly notTestable: number;
  /** How many requests the endpoint has answered, or should have. */
  readonly requests: number;
  readonly sources: Readonly<Record<SourceId, string>>;
}

export interface RuleReport {
  readonly id: RuleId;
  readonly group: Group;
  readonly level: Level;
  readonly title: string;
  readonly sources: readonly SourceId[];
  readonly verdict: Verdict;
  /** What was seen, or why nothing could be. */
  readonly seen: string;
}

/**
 * Tries every rule of the contract on an endpoint, from outside: whatever it is written in.
 *
 * Trap: it asks hundreds of times for the effect that the body describes. An endpoint that keeps the rules lets about
 * forty of them happen, and one that does not, as many more as there are duplicates; give it an account that is there
 * for it. What it may spend is told before the first request.
 *
 * Trap: effects are counted by a balance or by a count; whoever else moves them meanwhile is counted too.
 *
 * @throws {CannotCheckError} where it is asked for wrongly, or nothing that can be checked is found
 */
export async function check(options: CheckOptions): Promise<CheckReport> {
  const settings = await readSettings(options);
  using probe = createProbe(settings);
  // What cannot be read at all is told before the first effect.
  await probe.reader?.read();

  options.onProgress?.({ text: `It may have up to ${mostEffects(settings)} effects` });

  const until = performance.now() + settings.deadlineMs;
  let findings: Findings = {};
  for (const experiment of EXPERIMENTS) {
    settings.signal.throwIfAborted();
    if (!isAskedFor(experiment, settings.only)) {
      findings = { ...findings, ...forAll(experiment.rules, notTestable('not asked for')) };
      continue;
    }
    options.onProgress?.({ text: `${experiment.rules.join(', ')}: ${titleOf(experiment)}` });
    findings = { ...findings, ...(await look(experiment, probe, until)) };
  }
  return report(options.url, findings, probe);
}

/** Everything but the crowds is about as many requests, if an endpoint lets all of them through. */
function mostEffects({ duplicates }: Settings): number {
  return duplicates.reduce((sum, n) => sum + n, 180);
}

/** The first requests tell what an effect is: without them nothing else can be told. */
function isAskedFor(experiment: Experiment, only: readonly string[] | undefined): boolean {
  if (only === undefined || experiment === EXPERIMENTS[0]) return true;
  return experiment.rules.some((id) => only.includes(id));
}

async function look(experiment: Experiment, probe: Probe, until: number): Promise<Findings> {
  const isLate = performance.now() > until && !experiment.isQuick;
  if (isLate) return forAll(experiment.rules, notTestable('the time for this check was over'));
  try {
    if (!experiment.isQuick && (await isGone(probe))) {
      return forAll(experiment.rules, notTestable('nobody listens there any more'));
    }
    if (!experiment.isQuick && (await isSpent(probe, MOST_EFFECTS_OF_ONE))) {
      return forAll(experiment.rules, notTestable('the money is spent: pay in'));
    }
    return await experiment.run(probe);
  } catch (error) {
    probe.settings.signal.throwIfAborted();
    const isReason = error instanceof UntestableError || error instanceof EffectUnreadableError;
    if (!isReason) throw error;
    return forAll(experiment.rules, notTestable(error.message));
  }
}

/** What one experiment may have at an endpoint that keeps the rules, and a few more. */
const MOST_EFFECTS_OF_ONE = 8;

/** A server that has gone away breaks D99, not whatever would have been asked of it since. */
async function isGone({ exchanges, connect }: Probe): Promise<boolean> {
  if (exchanges.at(-1)?.answer.why !== 'no connection') return false;
  using connection = await connect();
  return (await connection.answer({ withinMs: 1 })).why === 'no connection';
}

function titleOf({ rules }: Experiment): string {
  return RULES.find(({ id }) => id === rules[0])?.title ?? '';
}

function report(url: string, findings: Findings, probe: Probe): CheckReport {
  const rules = RULES.map(({ id, group, level, title, sources }): RuleReport => {
    const finding = findings[id];
    if (finding === undefined) throw new Error(`No experiment has looked at ${id}`);
    return { id, group, level, title, sources, ...finding };
  });
  const countOf = (verdict: Verdict) => rules.filter((rule) => rule.verdict === verdict).length;
  return {
    url,
    rules,
    held: countOf('held'),
    broken: countOf('broken'),
    brokenMusts: rules.filter((rule) => rule.verdict === 'broken' && rule.level === 'MUST').length,
    notTestable: countOf('not testable'),
    requests: probe.exchanges.length,
    sources: SOURCES,
  };
}
