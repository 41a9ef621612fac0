import { type ExploredTable, problemsOf, type Row } from './table.ts';

/** The table for a terminal: a row for each activity of each scenario, a column for each window. */
export function format(table: ExploredTable): string {
  const { windows, rows, neverRun, baselines, leftOut } = table;
  const columns = [
    column(
      '',
      rows.map(({ scenario }) => scenario),
    ),
    column(
      '',
      rows.map(({ activity }) => activity),
    ),
    ...windows.map((window) =>
      column(
        window,
        rows.map((row) => outcomeIn(row, window, leftOut)),
      ),
    ),
  ];
  const height = Math.max(...columns.map(({ heading }) => heading.length));
  const lineOf = (cells: readonly string[]) => cells.join('  ').trimEnd();
  const heads = Array.from({ length: height }, (_, line) =>
    lineOf(columns.map(({ heading, width }) => (heading[line] ?? '').padEnd(width))),
  );
  const body = rows.map((_, row) =>
    lineOf(columns.map(({ cells, width }) => (cells[row] ?? '').padEnd(width))),
  );
  const stuck = baselines.filter(({ ending }) => ending === 'stuck');
  return [
    ...heads,
    ...body,
    ...stuck.map(({ scenario }) => `${scenario}  stuck without a fault`),
    ...neverRun.map((activity) => `${activity}  never run`),
    ...(leftOut > 0
      ? [`A sample: what is blank was not tried, ${leftOut} trials`]
      : rows.some(hasGap)
        ? ['-  does not apply to a local activity']
        : []),
  ].join('\n');
}

/** The table, and what keeps it from showing one effect everywhere, with its evidence. */
export function formatWithProblems(table: ExploredTable): string {
  const problems = problemsOf(table);
  if (problems.length === 0) return format(table);
  return [format(table), '', ...problems].join('\n');
}

interface Column {
  readonly heading: readonly string[];
  readonly cells: readonly string[];
  readonly width: number;
}

/** A heading of several words is set in several lines, so that the table fits a terminal. */
function column(heading: string, cells: readonly string[]): Column {
  const words = heading.split(' ');
  const width = Math.max(...[...words, ...cells].map(({ length }) => length));
  const lines: string[] = [];
  for (const word of words) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && longer.length <= width) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return { heading: lines, cells, width };
}

/** A scenario that is stuck without a fault has rows, and no cells; and of a sample nobody knows why a cell is missing. */
function outcomeIn(row: Row, window: string, leftOut: number): string {
  const cell = row.cells.find((found) => found.window === window);
  return cell?.outcome ?? (hasGap(row) && leftOut === 0 ? '-' : '');
}

function hasGap({ cells, isLocal }: Row): boolean {
  return isLocal && cells.length > 0;
}
