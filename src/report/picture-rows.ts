import type { LedgerRecord, RequestRecord } from '#testkit';
import { balanceRow } from './picture-balance.ts';
import type { AttemptSeen } from './picture-endings.ts';
import { markup } from './picture-markup.ts';
import { isRefused, outcomeOf, type RunSeen } from './picture-scene.ts';
import {
  bar,
  fitted,
  fitting,
  heardMark,
  label,
  ledgerMark,
  line,
  sentMark,
} from './picture-shapes.ts';
import { LABELS, NAME_WIDTH, type Row, type Sheet } from './picture-sheet.ts';
import { cameWords, ENDINGS, heard, leftOut, shortRun } from './picture-words.ts';

/** The lanes of a scene, from the clients to what is left. */
export function rowsOf(sheet: Sheet): readonly Row[] {
  const { requests, runs, attempts, ledger, balances } = sheet.scene;
  const manyRuns = runs.items.length + runs.left.length > 1;
  return [
    ...clientRows(requests.items).map((own) => clientRow(own, sheet)),
    ...more('clients', leftOut(requests, outcomeOf)),
    ...runs.items.map((run) => runRow(run, sheet)),
    ...more('runs', leftOut(runs)),
    ...attempts.items.map((attempt) => attemptRow(attempt, manyRuns, sheet)),
    ...more(
      'attempts',
      leftOut(attempts, ({ ending }) => ENDINGS[ending]),
    ),
    ledgerRow(ledger.items, sheet),
    ...more('ledger', leftOut(ledger, cameWords)),
    ...balances.items.map((balance, index) => balanceRow(balance, index, sheet)),
    ...more('balance', leftOut(balances)),
  ];
}

const LANE = 28;

function more(group: Row['group'], text: string | undefined): readonly Row[] {
  if (text === undefined) return [];
  const draw = (y: number) => label(`and ${text}`, LABELS, y, 'quiet');
  return [{ group, label: '', height: LANE, draw }];
}

/** A client has one lane, unless it asks again before it has heard. */
function clientRows(requests: readonly RequestRecord[]): readonly (readonly RequestRecord[])[] {
  const rows: RequestRecord[][] = [];
  for (const request of requests) {
    const free = rows.find((row) => {
      const last = row.at(-1);
      return (
        last?.client === request.client && last.answered && last.answered.order < request.sent.order
      );
    });
    if (free) free.push(request);
    else rows.push([request]);
  }
  return rows;
}

function clientRow(own: readonly RequestRecord[], { place, to, edge }: Sheet): Row {
  const draw = (y: number) =>
    markup`${own.map((request, index) => {
      const [from, next] = [place(request.sent), own[index + 1]];
      const end = request.answered ? place(request.answered) : to;
      const room = (next ? place(next.sent) - 6 : edge) - end - 10;
      const refused = isRefused(request);
      const words = request.answered
        ? (fitting([heard(request), outcomeOf(request)], room) ??
          (next ? '' : fitted(heard(request), room)))
        : 'no answer';
      return markup`${line('wait', from, end, y)}${sentMark(from, y)}${
        request.answered && heardMark(end, y, refused)
      }${words === '' ? undefined : label(words, end + 10, y, refused ? 'bad' : '')}`;
    })}`;
  return { group: 'clients', label: own[0]?.client ?? '', height: LANE, draw };
}

function runRow({ runId, first, last }: RunSeen, { place }: Sheet): Row {
  const draw = (y: number) => line('run', place(first), Math.max(place(first) + 6, place(last)), y);
  return { group: 'runs', label: `run ${shortRun(runId)}`, height: LANE, draw };
}

function attemptRow(seen: AttemptSeen, manyRuns: boolean, { place, to, edge }: Sheet): Row {
  const { activity, attempt, runId, started, ended, ending } = seen;
  const draw = (y: number) => {
    const end = ended ? place(ended) : to;
    const words = ENDINGS[ending];
    const kind = ending === 'completed' ? '' : 'bad';
    return markup`${bar(place(started), end, y, ending)}${label(fitted(words, edge - end - 12), Math.max(end, place(started) + 6) + 10, y, kind)}`;
  };
  const which = manyRuns ? ` ${attempt} ${shortRun(runId)}` : ` ${attempt}`;
  return {
    group: 'attempts',
    label: fitted(activity, NAME_WIDTH, which),
    height: LANE,
    draw,
  };
}

function ledgerRow(entries: readonly LedgerRecord[], { place, edge }: Sheet): Row {
  const accounts = new Set(entries.map(({ about }) => about));
  const draw = (y: number) =>
    markup`${entries.map((entry, index) => {
      const [x, next] = [place(entry.asked), entries[index + 1]];
      const room = (next ? place(next.asked) - 10 : edge) - x - 11;
      const named = accounts.size > 1 ? `${entry.about ?? ''} ${entry.what}` : entry.what;
      const texts = [
        `${named} ${cameWords(entry)}`,
        `${named} ${SHORT[entry.came]}`,
        named,
        entry.what,
      ];
      const text = fitting(texts, room);
      const kind = entry.came === 'declined' ? 'bad' : '';
      return markup`${ledgerMark(x, y, entry.came)}${text && label(text, x + 11, y, kind)}`;
    })}${entries.length === 0 ? label('not asked for anything', LABELS, y, 'quiet') : undefined}`;
  return { group: 'ledger', label: '', height: LANE, draw };
}

const SHORT = { written: 'written', known: 'key known', declined: 'declined' };
