import type { ExecutedOn } from '#atlas';
import { cellsPathOf } from '../../atlas/cells.ts';
import { EXECUTED_ON_PATH } from '../../atlas/executed-on.ts';
import { ATLAS_PAGE, renderAtlas } from '../../atlas/render.ts';
import type { AtlasCell, AtlasTable } from '../../atlas/table.ts';
import { ATLAS_TABLES } from '../../atlas/tables.ts';
import type { Rule, SourceFile } from '../tree.ts';

const MARKS = ['executed-on', ...ATLAS_TABLES.map(({ name }) => name)].map(
  (name) => `<!-- atlas:${name}:begin -->\n<!-- atlas:${name}:end -->`,
);
const CELLS = Object.fromEntries(ATLAS_TABLES.map((table) => [cellsPathOf(table), '[]']));
const COMMITTED = { ...CELLS, [EXECUTED_ON_PATH]: '{ "server": "1.29.1", "sdk": "1.24.0" }' };
const page = (cellsFiles: Readonly<Record<string, string>>) =>
  rendered(
    MARKS.join('\n'),
    Object.entries(cellsFiles).map(([path, text]) => ({ path, text })),
  );

export const atlasRule: Rule = {
  claim:
    'the tables of the atlas are what its committed cells come to, and tell what executed them',
  find: (files) => {
    const text = files.find(({ path }) => path === ATLAS_PAGE)?.text;
    if (text === undefined) return [];
    try {
      if (rendered(text, files) === text) return [];
      return [{ path: ATLAS_PAGE, message: 'is not up to date: run "npm run fix"' }];
    } catch (error) {
      return [{ path: ATLAS_PAGE, message: String(error) }];
    }
  },
  good: {
    'tables that were just rendered': { ...COMMITTED, [ATLAS_PAGE]: page(COMMITTED) },
  },
  bad: {
    'a page without marks': { tree: { ...COMMITTED, [ATLAS_PAGE]: '# A' }, found: [ATLAS_PAGE] },
    'a table whose cells are not committed': {
      tree: { [ATLAS_PAGE]: page(COMMITTED) },
      found: [ATLAS_PAGE],
    },
    'a page that tells of another server': {
      tree: {
        ...COMMITTED,
        [ATLAS_PAGE]: page(COMMITTED).replace('server 1.29.1', 'server 1.30.0'),
      },
      found: [ATLAS_PAGE],
    },
    'a table that somebody has mended by hand': {
      tree: {
        ...COMMITTED,
        [ATLAS_PAGE]: page(COMMITTED).replace(':begin -->\n', ':begin -->\nIt is so\n'),
      },
      found: [ATLAS_PAGE],
    },
  },
};

function rendered(text: string, files: readonly SourceFile[]): string {
  const written = new Map(files.map((file) => [file.path, file.text]));
  const read = (path: string): unknown => {
    const json = written.get(path);
    if (json === undefined) throw new Error(`No ${path}: run "npm run atlas"`);
    return JSON.parse(json);
  };
  const cellsOf = (table: AtlasTable) => read(cellsPathOf(table)) as readonly AtlasCell[];
  return renderAtlas(text, ATLAS_TABLES, cellsOf, read(EXECUTED_ON_PATH) as ExecutedOn);
}
