import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExecutedOn, readExecutedOn } from '#atlas';
import { fillRegion } from '../house/render/region.ts';
import { ROOT } from '../house/tree.ts';
import { readCells } from './cells.ts';
import { partsInWords } from './executed-on.ts';
import type { AtlasCell, AtlasTable } from './table.ts';
import { ATLAS_TABLES } from './tables.ts';

/** The book's own page: it holds the tables of the atlas. */
export const ATLAS_PAGE = 'tests/chapters/README.md';

/**
 * The page with its marked places filled, `<!-- atlas:NAME:begin -->` to `<!-- atlas:NAME:end -->`; the place
 * `executed-on` tells the versions.
 *
 * @throws when the page lacks the marks of a table, or of the versions
 */
export function renderAtlas(
  page: string,
  tables: readonly AtlasTable[],
  cellsOf: (table: AtlasTable) => readonly AtlasCell[],
  executedOn: ExecutedOn,
): string {
  return tables.reduce(
    (text, table) => fillRegion(text, `atlas:${table.name}`, table.render(cellsOf(table))),
    fillRegion(page, 'atlas:executed-on', `Executed on: ${partsInWords(executedOn)}.`),
  );
}

/** Renders the committed cells into the page. `npm run fix` does it, and `npm run atlas` when it has written them. */
export function writeAtlasPage(): void {
  const page = join(ROOT, ATLAS_PAGE);
  const text = readFileSync(page, 'utf8');
  writeFileSync(page, renderAtlas(text, ATLAS_TABLES, readCells, readExecutedOn()));
}
