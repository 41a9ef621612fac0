import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../house/tree.ts';
import type { AtlasCell, AtlasTable } from './table.ts';

/** Where the cells of a table are kept, from the root of the repository. */
export function cellsPathOf({ name }: Pick<AtlasTable, 'name'>): string {
  return `fixtures/atlas/${name}.json`;
}

/** The committed cells of a table; none where it was never executed. */
export function readCells<Cell extends AtlasCell>(table: AtlasTable<Cell>): readonly Cell[] {
  const path = join(ROOT, cellsPathOf(table));
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Cell[]) : [];
}

/** A cell that came to the same as before keeps its line, run IDs included: what changes in the file has changed. */
export function writeCells(table: AtlasTable, executed: readonly AtlasCell[]): void {
  const before = new Map(readCells(table).map((cell) => [withoutRunIds(cell), cell]));
  const cells = executed.map((cell) => before.get(withoutRunIds(cell)) ?? cell);
  writeFileSync(join(ROOT, cellsPathOf(table)), linesOf(cells));
}

/** What the committed cells have and these have not (`-`), and the other way round (`+`). None is agreement. */
export function differences(
  committed: readonly AtlasCell[],
  executed: readonly AtlasCell[],
): readonly string[] {
  const [before, now] = [committed, executed].map((cells) => cells.map(withoutRunIds));
  return [
    ...missingFrom(now ?? [], before ?? []).map((cell) => `- ${cell}`),
    ...missingFrom(before ?? [], now ?? []).map((cell) => `+ ${cell}`),
  ];
}

/** One cell a line, so that a diff shows the cells that changed. */
export function linesOf(cells: readonly AtlasCell[]): string {
  return `[\n${cells.map((cell) => JSON.stringify(cell)).join(',\n')}\n]\n`;
}

function withoutRunIds({ runIds: _evidence, ...cell }: AtlasCell): string {
  return JSON.stringify(cell);
}

/** Counted, not only looked up: a cell that is there twice has to be there twice. */
function missingFrom(found: readonly string[], wanted: readonly string[]): readonly string[] {
  const left = [...found];
  return wanted.filter((cell) => {
    const at = left.indexOf(cell);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
