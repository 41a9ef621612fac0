import { table } from '../house/render/region.ts';
import { ENGINE_PAGES } from './elsewhere-engines.ts';
import { SDK_PAGES } from './elsewhere-sdks.ts';
import type { AtlasCell, AtlasTable } from './table.ts';

/** What is asked of each system, in the order of the columns. */
const QUESTIONS = {
  window: 'remembers for',
  running: 'start while it runs',
  closed: 'after it has closed',
  failed: 'after it has failed',
  payload: 'with another payload',
  child: 'as a child',
} as const;

type Question = keyof typeof QUESTIONS;

/** A sentence that a page says, and the page. Where no page of its makers says a thing there is nothing here. */
export type Page = readonly [says: string, source: `https://${string}`];

/** What the documentation of one system says. */
export interface SystemPages extends Partial<Readonly<Record<Question, Page>>> {
  readonly system: string;
}

interface ElsewhereCell extends AtlasCell {
  readonly system: string;
  readonly question: Question;
  readonly says: string;
  readonly source: string | null;
}

/** By documentation alone: nothing of it is executed, and each answer leads to the page that it was read from. */
export const elsewhere: AtlasTable<ElsewhereCell> = {
  name: 'elsewhere',
  title: 'Elsewhere, by documentation only',
  execute: async () => [...SDK_PAGES, ...ENGINE_PAGES].flatMap(cellsOf),
  render: (cells) => `${MARK}\n\n${table(HEAD, rowsOf(cells))}`,
};

const MARK =
  '**By documentation only: nothing of this table was executed.** Each answer leads to the page that says so; where no page of its makers was found to say it, there is "not documented".';
const HEAD = ['system', ...Object.values(QUESTIONS)];

function rowsOf(cells: readonly ElsewhereCell[]): readonly (readonly string[])[] {
  return [...new Set(cells.map(({ system }) => system))].map((system) => [
    system,
    ...cells.filter((cell) => cell.system === system).map(linked),
  ]);
}

function cellsOf(pages: SystemPages): readonly ElsewhereCell[] {
  return (Object.keys(QUESTIONS) as Question[]).map((question) => {
    const [says, source] = pages[question] ?? ['not documented', null];
    return { system: pages.system, question, says, source };
  });
}

function linked({ says, source }: ElsewhereCell): string {
  return source === null ? says : `[${says}](${source})`;
}
