import type { AttemptRecord, Evidence, RequestRecord } from '#testkit';
import { balancesOf, ledgerLanes } from './lanes-ledger.ts';
import { type Lane, type Mark, type Placed, place } from './lanes-place.ts';
import { type Look, type Signs, signsOf } from './look.ts';
import { cut, padEnd } from './text.ts';

/**
 * Who tried, what came of it, and what was written meanwhile, drawn from left to right: at most six lines. Tries are the
 * attempts of activities; where there was no second one, they are the requests of the clients. No line is longer than the
 * look's columns.
 *
 * @returns no line where there is nothing to be drawn
 */
export function lanes(evidence: Evidence, look: Look): readonly string[] {
  const signs = signsOf(look);
  const ledger = ledgerLanes(evidence.ledger, look, signs);
  const tries = triesOf(evidence, look, signs);
  const room = MOST_LINES - ledger.length;
  const shown = tries.length > room ? tries.slice(0, room - 1) : tries;
  if (shown.length + ledger.length === 0) return [];

  const hidden = tries.length - shown.length;
  const labels = Math.max(9, ...[...shown, ...ledger].map(({ label }) => label.length)) + 3;
  const width = look.columns - labels;
  const placed = place([...shown, ...ledger], width);
  const balances = balancesOf(evidence.ledger, signs);
  const lines = placed.map((lane) => {
    const tail = lane.lane.tail && balances;
    return `${padEnd(lane.lane.label, labels)}${drawn(lane, signs, width)}${tail ? told(lane, tail, width) : ''}`;
  });
  const more = hidden > 0 ? [look.colour.faint(`${signs.more} and ${hidden} more`)] : [];
  return [...lines.slice(0, shown.length), ...more, ...lines.slice(shown.length)];
}

const MOST_LINES = 6;
/** Where balances begin, so that they stand at the same place before and after. */
const TAIL_COLUMN = 30;

function triesOf(evidence: Evidence, look: Look, signs: Signs): readonly Lane[] {
  const { attempts, requests } = evidence;
  const again = attempts.some(({ attempt }) => attempt > 1);
  if (attempts.length > 0 && (again || requests.length < 2)) {
    return attempts.map((attempt) => attemptLane(attempt, evidence, look, signs));
  }
  return requests.map((request) => requestLane(request, evidence, look, signs));
}

function attemptLane(attempt: AttemptRecord, evidence: Evidence, look: Look, signs: Signs): Lane {
  const end: Mark = {
    order: attempt.ended?.order ?? Number.POSITIVE_INFINITY,
    bar: true,
    ...(attempt.how === undefined
      ? { sign: signs.more, text: '' }
      : attempt.how === 'completed'
        ? { sign: signs.kept, text: '', paint: look.colour.good }
        : { sign: signs.lost, text: lossOf(attempt, evidence), paint: look.colour.bad }),
  };
  const start = { order: attempt.started.order, sign: signs.from, text: '' };
  return { label: labelOf(attempt, evidence.attempts), marks: [start, end] };
}

/** `attempt 2`; `run 2, attempt 1` where there are several runs, and the activity's name where there are several of them. */
function labelOf({ activity, attempt, runId }: AttemptRecord, all: readonly AttemptRecord[]) {
  const runs = [...new Set(all.map((one) => one.runId))];
  const activities = new Set(all.map((one) => one.activity));
  const name = activities.size > 1 ? cut(activity, 18) : 'attempt';
  const run = runs.length > 1 ? `run ${runs.indexOf(runId) + 1}, ` : '';
  return `${run}${name} ${attempt}`;
}

/** An attempt that failed after it had reached the receiver has lost the answer, unless another one was at work as well. */
function lossOf(attempt: AttemptRecord, { attempts, ledger }: Evidence): string {
  const during = ({ started, ended }: AttemptRecord, order: number) =>
    started.order < order && order < (ended?.order ?? Number.POSITIVE_INFINITY);
  const own = ledger.filter(
    ({ asked }) => attempts.filter((one) => during(one, asked.order)).length === 1,
  );
  const reached = own.findLast(({ asked }) => during(attempt, asked.order));
  if (!reached) return 'failed';
  return reached.came === 'declined' ? 'declined' : 'answer lost';
}

function requestLane(
  request: RequestRecord,
  evidence: Evidence,
  { colour }: Look,
  signs: Signs,
): Lane {
  const { client, sent, answered, outcome = '', answer } = request;
  const failed = answer === undefined || /^[45]\d\d$/.test(outcome);
  const text = cut(signs.text(wordsFor(request, evidence)), 30, signs.more);
  const end: Mark = {
    order: answered?.order ?? Number.POSITIVE_INFINITY,
    bar: true,
    text,
    ...(!answered
      ? { sign: signs.more }
      : failed
        ? { sign: signs.lost, paint: colour.bad }
        : { sign: signs.kept, paint: colour.good }),
  };
  const start = { order: sent.order, sign: signs.from, text: '' };
  return { label: cut(signs.text(client), 20, signs.more), marks: [start, end] };
}

/** What a client has heard. A `fetch` without an answer is a TypeError: what became of it is in the ledger. */
function wordsFor({ outcome = '', sent, answered }: RequestRecord, { ledger }: Evidence): string {
  if (outcome === 'answered') return '';
  if (outcome !== 'TypeError') return outcome;
  const last = answered?.order ?? Number.POSITIVE_INFINITY;
  const reached = ledger.some(({ asked }) => sent.order < asked.order && asked.order < last);
  return reached ? 'answer lost' : 'no answer';
}

function drawn({ lane, columns, texts }: Placed, signs: Signs, width: number): string {
  let at = 0;
  let line = '';
  for (const [index, mark] of lane.marks.entries()) {
    const column = columns[index] ?? 0;
    const text = texts ? [mark.sign, mark.text].filter((part) => part !== '').join(' ') : mark.sign;
    if (column >= width) break;
    const fits = cut(text, width - column, '');
    const before = (mark.bar ? signs.line : ' ').repeat(Math.max(0, column - at));
    line += `${before}${mark.paint?.(fits) ?? fits}`;
    at = column + fits.length;
  }
  return line;
}

/** The balances after the marks of the ledger; nothing where they do not fit. */
function told(ledger: Placed, balances: readonly string[], width: number): string {
  const at = Math.max(TAIL_COLUMN, ledger.end + 3);
  const tail = balances.find((text) => at + text.length <= width);
  return tail === undefined ? '' : ' '.repeat(at - ledger.end) + tail;
}
