import { styleText } from 'node:util';
import TableOfText from 'cli-table3';
import type { Evidence, Table, Verdict } from '#testkit';
import { count } from './count.ts';

/** How text is made to stand out; without colours it stands as it is. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  limit(text: string): string;
  title(text: string): string;
  faint(text: string): string;
}

/** Colours for a stream that shows them: a terminal, unless `NO_COLOR` is set. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  const style = (format: 'green' | 'red' | 'yellow' | 'bold' | 'dim') => (text: string) =>
    styleText(format, text, { stream });
  return {
    good: style('green'),
    bad: style('red'),
    limit: style('yellow'),
    title: style('bold'),
    faint: style('dim'),
  };
}

/** What one experiment found: its claim, its tables, its verdict. No line at the end. */
export function renderEvidence(evidence: Evidence, paint: Paint): string {
  return [
    paint.title(evidence.claim),
    summary(evidence),
    ...evidence.tables.map((table) => `\n${renderTable(table, paint)}`),
  ].join('\n');
}

/** The verdict in green where the claim holds; in red, with what broke, where it does not. */
export function renderVerdict(verdict: Verdict, paint: Paint): string {
  const details = verdict.details.map((detail) => `  ${detail}`);
  if (verdict.holds) return [paint.good(verdict.says), ...details].join('\n');
  const problems = verdict.problems.map((problem) => paint.bad(`  ${problem}`));
  return [paint.bad('THE CLAIM DOES NOT HOLD'), ...problems, ...details].join('\n');
}

/** One experiment without its remedy and with it, a line each. */
export function renderPair(
  title: string,
  [control, remedy]: readonly [Evidence, Evidence],
  paint: Paint,
): string {
  const width = Math.max(control.claim.length, remedy.claim.length);
  const line = ({ claim, verdict }: Evidence, style: (text: string) => string) => {
    const says = verdict?.says ?? 'no verdict';
    const told = verdict?.holds ? style(says) : paint.bad(`${says} (not as claimed)`);
    return `  ${claim.padEnd(width)}  ${told}`;
  };
  return [title, line(control, paint.limit), line(remedy, paint.good)].join('\n');
}

export function renderTable({ title, columns, rows }: Table, paint: Paint): string {
  const table = new TableOfText({
    head: columns.map((column) => paint.faint(column)),
    chars: BORDERLESS,
    style: { 'padding-left': 2, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: columns.map((_, index) => (isNumeric(rows, index) ? 'right' : 'left')),
  });
  table.push(...rows.map((row) => [...row]));
  return `${title}\n${table.toString().replaceAll(/ +$/gm, '')}`;
}

function summary({ requests, effects }: Evidence): string {
  const clients = new Set(requests.map(({ client }) => client)).size;
  const asked = `${count(requests.length, 'request')} of ${count(clients, 'client')}`;
  return `${asked}, ${count(effects.length, 'effect')} in the ledger`;
}

function isNumeric(rows: Table['rows'], column: number): boolean {
  return rows.every((row) => /^\s*-?\d+(?:\.\d+)?$/.test(String(row[column])));
}

const BORDERLESS = Object.fromEntries(
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
    .split(' ')
    .map((part) => [part, '']),
);
