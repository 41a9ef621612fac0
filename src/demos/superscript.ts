import type { Evidence, Table, Verdict } from '#testkit';
import {
  type Act,
  type ActOptions,
  SUPERSCRIPT_ACTS,
  type SuperscriptActName,
} from './superscript-acts.ts';
import { playOrchestrator } from './superscript-orchestrator.ts';
import { playSingle } from './superscript-single.ts';
import { playTraditional } from './superscript-traditional.ts';
import { ledgersTable, proveSuperscript } from './superscript-verdict.ts';

export interface SuperscriptDemoOptions extends ActOptions {
  /** Which ones are played; in the order of the demo, whatever the order here. */
  readonly acts: readonly SuperscriptActName[];
  /** Before an act begins. The demo waits for it. */
  readonly onAct?: (act: SuperscriptActStart) => Promise<void>;
  readonly onActEnd?: (evidence: Evidence) => void;
}

export interface SuperscriptActStart {
  readonly name: SuperscriptActName;
  readonly says: string;
  /** Counted from 1, among those that are played. */
  readonly number: number;
  readonly of: number;
}

/** What the demo found, in the order in which it is told. */
export interface SuperscriptDemo {
  /** Of each act, with its verdict. */
  readonly acts: readonly Evidence[];
  /** Both ledgers side by side. */
  readonly ledgers: Table;
  /** Of the whole, counted from the ledgers; it does not hold where that of an act does not. */
  readonly verdict: Verdict;
}

/**
 * Plays bash scripts that run twice: on their own, one payment at a time through a workflow, and as a batch.
 *
 * What counts is what the scripts have written to their ledgers.
 *
 * @throws {ForeignLineError} somebody else has written to a ledger meanwhile
 */
export async function runSuperscriptDemo(
  options: SuperscriptDemoOptions,
): Promise<SuperscriptDemo> {
  const played = SUPERSCRIPT_ACTS.filter(({ name }) => options.acts.includes(name));
  const acts: Evidence[] = [];
  for (const [index, act] of played.entries()) {
    await options.onAct?.({ ...act, number: index + 1, of: played.length });
    const evidence = await PLAYS[act.name](options);
    options.signal?.throwIfAborted();
    acts.push(evidence);
    options.onActEnd?.(evidence);
  }

  const { stage, orderIds } = options;
  const ledgers = { naive: await stage.naive.effects(), safe: await stage.safe.effects() };
  const input = { acts: options.acts, orderIds, ...ledgers };
  return { acts, ledgers: ledgersTable(input), verdict: whole(proveSuperscript(input), acts) };
}

const PLAYS: Readonly<Record<SuperscriptActName, Act>> = {
  traditional: playTraditional,
  single: playSingle,
  orchestrator: playOrchestrator,
};

function whole(verdict: Verdict, acts: readonly Evidence[]): Verdict {
  const problems = [...acts.flatMap((act) => act.verdict?.problems ?? []), ...verdict.problems];
  return { ...verdict, holds: problems.length === 0, problems };
}
