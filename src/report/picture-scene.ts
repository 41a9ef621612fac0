import type { Evidence, GateRecord, LedgerRecord, Moment, RequestRecord } from '#testkit';
import { type AttemptSeen, endingOf } from './picture-endings.ts';

/** How many of each are drawn. */
export interface Fold {
  readonly requests: number;
  readonly runs: number;
  readonly attempts: number;
  readonly ledger: number;
  readonly balances: number;
}

/** What is drawn of one recorded experiment: not all of it where there is too much. */
export interface Scene {
  readonly requests: Shown<RequestRecord>;
  readonly runs: Shown<RunSeen>;
  readonly attempts: Shown<AttemptSeen>;
  readonly ledger: Shown<LedgerRecord>;
  readonly balances: Shown<Balance>;
  readonly gates: readonly GateRecord[];
  /** All that is drawn, in its order. */
  readonly moments: readonly Moment[];
}

export interface Shown<T> {
  readonly items: readonly T[];
  /** Those that there was no room for. */
  readonly left: readonly T[];
}

/** A run as far as the record shows it: from its first moment to its last. */
export interface RunSeen {
  readonly runId: string;
  readonly first: Moment;
  readonly last: Moment;
}

/** What is left on an account, after one asking and the next: also after those that are not drawn. */
export interface Balance {
  readonly account: string;
  /** Unknown where its first entry does not say how much it moved. */
  readonly start?: number;
  readonly levels: readonly { readonly at: Moment; readonly left: number }[];
}

export function sceneOf(evidence: Evidence, fold: Fold): Scene {
  const requests = shown(evidence.requests, fold.requests, outcomeOf);
  const seen = evidence.attempts.map((attempt) => ({
    ...attempt,
    ending: endingOf(attempt, evidence),
  }));
  const attempts = shown(seen, fold.attempts, ({ ending }) => ending);
  const ledger = shown(evidence.ledger, fold.ledger, ({ came }) => came);
  const gates = evidence.gates.filter(({ opened }) => opened);
  return {
    requests,
    runs: shown(runsOf(evidence), fold.runs, () => ''),
    attempts,
    ledger,
    balances: shown(balancesOf(evidence.ledger), fold.balances, () => ''),
    gates,
    moments: [
      ...requests.items.flatMap(({ sent, answered }) => [sent, answered]),
      ...attempts.items.flatMap(({ started, ended }) => [started, ended]),
      ...ledger.items.map(({ asked }) => asked),
      ...gates.map(({ opened }) => opened),
    ]
      .filter((moment) => moment !== undefined)
      .toSorted(inOrder),
  };
}

/** What a client heard, without what it says: `200`, `TypeError`; `no answer` while it waits. */
export function outcomeOf({ answered, outcome }: RequestRecord): string {
  return answered ? (outcome ?? 'answered') : 'no answer';
}

/** Whether a client heard an error: one that was thrown, or an answer that says so. */
export function isRefused({ answered, outcome, answer }: RequestRecord): boolean {
  if (!answered) return false;
  return answer === undefined || (statusOf(answer) === Number(outcome) && Number(outcome) >= 400);
}

function statusOf(answer: unknown): unknown {
  return typeof answer === 'object' && answer !== null && 'status' in answer && answer.status;
}

/** As many as there is room for, in their order; of each kind some, so that the rare one is not left out. */
function shown<T>(all: readonly T[], room: number, kindOf: (item: T) => string): Shown<T> {
  const seen = new Map<string, number>();
  const ranked = all.map((item, index) => {
    const rank = seen.get(kindOf(item)) ?? 0;
    seen.set(kindOf(item), rank + 1);
    return { item, index, rank };
  });
  const chosen = ranked.toSorted((one, other) => one.rank - other.rank || one.index - other.index);
  const items = new Set(chosen.slice(0, room).map(({ index }) => index));
  return {
    items: all.filter((_, index) => items.has(index)),
    left: all.filter((_, index) => !items.has(index)),
  };
}

function runsOf({ requests, attempts }: Evidence): readonly RunSeen[] {
  const runs = new Map<string, Moment[]>();
  const see = (runId: string | undefined, moments: readonly (Moment | undefined)[]) => {
    if (runId === undefined || runId === '') return;
    const known = runs.get(runId) ?? [];
    runs.set(runId, [...known, ...moments.filter((moment) => moment !== undefined)]);
  };
  for (const { runId, sent, answered } of requests) see(runId, [sent, answered]);
  for (const { runId, started, ended } of attempts) see(runId, [started, ended]);
  return [...runs].flatMap(([runId, moments]) => {
    const sorted = moments.toSorted(inOrder);
    const [first, last] = [sorted[0], sorted.at(-1)];
    return first && last ? { runId, first, last } : [];
  });
}

function balancesOf(ledger: readonly LedgerRecord[]): readonly Balance[] {
  const accounts = new Set(ledger.map(({ about = '' }) => about));
  return [...accounts].flatMap((account) => {
    const entries = ledger.filter(
      ({ about = '', left }) => about === account && left !== undefined,
    );
    const [first] = entries;
    if (!first) return [];
    const start = startOf(first);
    const levels = entries.map(({ asked, left = 0 }) => ({ at: asked, left }));
    return { account, levels, ...(start !== undefined && { start }) };
  });
}

function startOf({ came, what, left = 0 }: LedgerRecord): number | undefined {
  if (came !== 'written') return left;
  const moved = /^[−+-]?\d+$/.test(what) ? Number(what.replace('−', '-')) : undefined;
  return moved === undefined ? undefined : left - moved;
}

function inOrder(one: Moment, other: Moment): number {
  return one.order - other.order;
}
