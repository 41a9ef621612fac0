import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillRegion } from '../house/render/region.ts';
import { ROOT } from '../house/tree.ts';
import { readCells } from './cells.ts';
import type { AtlasCell, AtlasTable } from './table.ts';
import { ATLAS_TABLES } from './tables.ts';

/** The book's own page: it holds the tables of the atlas. */
export const ATLAS_PAGE = 'tests/chapters/README.md';

/**
 * The page with its marked places filled, `<!-- atlas:NAME:begin -->` to `<!-- atlas:NAME:end -->`.
 *
 * @throws when the page lacks the marks of a table
 */
export function renderAtlas(
  page: string,
  tables: readonly AtlasTable[],
  cellsOf: (table: AtlasTable) => readonly AtlasCell[],
): string {
  return tables.reduce(
    (text, table) => fillRegion(text, `atlas:${table.name}`, table.render(cellsOf(table))),
    page,
  );
}

/** Renders the committed cells into the page. `npm run fix` does it, and `npm run atlas` when it has written them. */
export function writeAtlasPage(): void {
  const page = join(ROOT, ATLAS_PAGE);
  writeFileSync(page, renderAtlas(readFileSync(page, 'utf8'), ATLAS_TABLES, readCells));
}
