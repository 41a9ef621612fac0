import type { LedgerRecord, RequestRecord } from '#testkit';
import { count } from './count.ts';
import type { AttemptSeen, Ending } from './picture-endings.ts';
import { cut } from './picture-markup.ts';
import { type Balance, isRefused, outcomeOf, type Scene, type Shown } from './picture-scene.ts';

/** A scene in sentences: what a reader hears who does not see the drawing. */
export function sentencesOf(scene: Scene): string {
  const { requests, runs, attempts, ledger, balances, gates } = scene;
  const manyRuns = all(runs).length > 1;
  return [
    ...oneByOne(requests, requestSentence, () => summary('request', requests, outcomeOf)),
    ...gates.map(
      ({ name, parties }) => `The gate “${cut(name, 40)}” opens when ${parties} are there.`,
    ),
    manyRuns ? `${all(runs).length} runs are seen.` : undefined,
    ...oneByOne(attempts, attemptSentence(manyRuns), () =>
      summary('attempt', attempts, ({ ending }) => ENDINGS[ending]),
    ),
    ledgerSentence(ledger),
    ...balances.items.map((balance) => `${balanceName(balance)}: ${levelsOf(balance)}.`),
  ]
    .filter((sentence) => sentence !== undefined)
    .join(' ');
}

/** `80`, `200, balance 80`, `TypeError`. */
export function heard(request: RequestRecord): string {
  const { answer } = request;
  const body = typeof answer === 'object' && answer !== null && 'body' in answer && answer.body;
  const told = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  const scalars = told.filter(
    ([, value]) => typeof value === 'number' || typeof value === 'string',
  );
  const words = scalars.slice(0, 1).map(([name, value]) => `${name} ${value}`);
  return cut([outcomeOf(request), ...words].join(', '), 60);
}

export const ENDINGS: Readonly<Record<Ending, string>> = {
  completed: 'completed',
  failed: 'failed',
  lost: 'answer lost',
  late: 'ended too late',
  open: 'not ended',
};

/** What came of it, in the words of the key: `written, no key`. */
export function cameWords({ came, key }: LedgerRecord): string {
  if (came === 'known') return 'key known, nothing written';
  if (came === 'declined') return 'declined, nothing written';
  return key === undefined ? 'written, no key' : 'written';
}

/** `100 → 90 → 80`; a middle that is long is left out. */
export function levelsOf({ start, levels }: Balance): string {
  const values = levels.map(({ left }) => left);
  const changes = [...(start === undefined ? [] : [start]), ...values].filter(
    (value, index, before) => index === 0 || value !== before[index - 1],
  );
  const long = changes.length > 8;
  return (long ? [...changes.slice(0, 4), '…', ...changes.slice(-3)] : changes).join(' → ');
}

/** `42 more: 40 × joined; 2 × started`; undefined where nothing was left out. */
export function leftOut<T>({ left }: Shown<T>, kindOf?: (item: T) => string): string | undefined {
  if (left.length === 0) return undefined;
  return `${left.length} more${kindOf ? `: ${kinds(left, kindOf)}` : ''}`;
}

export function shortRun(runId: string): string {
  return `…${runId.slice(-4)}`;
}

const FEW = 4;

/** A space that no line is broken at. */
const UNBROKEN = '\u00a0';

function all<T>({ items, left }: Shown<T>): readonly T[] {
  return [...items, ...left];
}

function oneByOne<T>(
  shown: Shown<T>,
  sentence: (item: T) => string,
  otherwise: () => string,
): readonly string[] {
  return all(shown).length <= FEW ? shown.items.map(sentence) : [otherwise()];
}

function summary<T>(noun: string, shown: Shown<T>, kindOf: (item: T) => string): string {
  return `${count(all(shown).length, noun)}: ${kinds(all(shown), kindOf)}.`;
}

function kinds<T>(items: readonly T[], kindOf: (item: T) => string): string {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(kindOf(item), (counts.get(kindOf(item)) ?? 0) + 1);
  const told = [...counts].map(
    ([kind, times]) => `${times}${UNBROKEN}×${UNBROKEN}${cut(kind, 40)}`,
  );
  return told.length <= 6 ? told.join('; ') : `${told.slice(0, 5).join('; ')}; and others`;
}

function requestSentence(request: RequestRecord): string {
  const client = cut(request.client, 40);
  if (!request.answered) return `${client} asks, and hears nothing.`;
  return `${client} asks, and ${isRefused(request) ? 'gets an error' : 'hears'}: ${heard(request)}.`;
}

function attemptSentence(manyRuns: boolean): (seen: AttemptSeen) => string {
  return ({ activity, attempt, runId, ending }) => {
    const run = manyRuns ? ` in run ${shortRun(runId)}` : '';
    return `Attempt ${attempt} of ${cut(activity, 40)}${run} ${HOW[ending]}.`;
  };
}

const HOW: Readonly<Record<Ending, string>> = {
  completed: 'completes',
  failed: 'fails',
  lost: 'has asked the ledger, and its answer is lost',
  late: 'ends too late: the next attempt had begun',
  open: 'has no end in the record',
};

function ledgerSentence(ledger: Shown<LedgerRecord>): string {
  const asked = all(ledger).length;
  if (asked === 0) return 'The ledger is not asked for anything.';
  const times = asked === 1 ? 'once' : `${asked} times`;
  return `The ledger is asked ${times}: ${kinds(all(ledger), cameWords)}.`;
}

function balanceName({ account }: Balance): string {
  return account === '' ? 'Balance' : `Balance of ${cut(account, 40)}`;
}
