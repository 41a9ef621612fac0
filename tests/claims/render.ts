import { readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { CLAIMS } from '../claims.ts';
import { fillRegion, table } from '../house/render/region.ts';
import { ROOT } from '../house/tree.ts';
import type { Claim } from './claim.ts';

/** The book's own page, which shows them. */
export const CLAIMS_PAGE = 'tests/chapters/README.md';

const GROUPS: readonly (readonly [title: string, holds: (claim: Claim) => boolean])[] = [
  ['False', ({ verdict }) => verdict === 'false'],
  ['True on a condition', ({ verdict }) => verdict.startsWith('true if ')],
  ['True', ({ verdict }) => verdict === 'true'],
];

/** The page with its marked place filled, from `<!-- claims:begin -->` to `<!-- claims:end -->`. @throws without the marks */
export function fillClaims(page: string): string {
  return fillRegion(page, 'claims', renderClaims(CLAIMS));
}

/** `npm run fix` does it. */
export function writeClaimsPage(): void {
  const page = join(ROOT, CLAIMS_PAGE);
  writeFileSync(page, fillClaims(readFileSync(page, 'utf8')));
}

/** Markdown: a table for each verdict. */
export function renderClaims(claims: readonly Claim[]): string {
  return GROUPS.map(([title, holds]) => ({ title, group: claims.filter(holds) }))
    .map(
      ({ title, group }) => `### ${title}: ${group.length} of ${claims.length}\n\n${rows(group)}`,
    )
    .join('\n\n');
}

function rows(claims: readonly Claim[]): string {
  return table(
    ['It is said', 'By', 'What came of it', 'Shown by'],
    claims.map((claim) => [said(claim), by(claim), cameOf(claim), shownBy(claim)]),
  );
}

function said({ said: words, quote }: Claim): string {
  return quote === undefined ? words : `${words} “${quote}”`;
}

function by({ source }: Claim): string {
  return source.startsWith('https://') ? `[${new URL(source).hostname}](${source})` : source;
}

function cameOf({ verdict, why }: Claim): string {
  return verdict.startsWith('true if ') ? `**True if ${verdict.slice(8)}.** ${why}` : why;
}

function shownBy({ shownBy: { file, test }, remedy }: Claim): string {
  const chapter = /^tests\/chapters\/0?(\d+)-/.exec(file)?.[1];
  const name = chapter === undefined ? posix.basename(file, '.test.ts') : `Chapter ${chapter}`;
  const remedied = remedy === undefined ? '' : `; with the remedy: ${legible(remedy)}`;
  return `[${name}](${posix.relative(posix.dirname(CLAIMS_PAGE), file)}): ${legible(test)}${remedied}`;
}

/** What a row of the test fills in is left open, and what looks like a tag of HTML stays text. */
function legible(title: string): string {
  return title.replace(/%\w|\$\w+/g, '…').replaceAll('<', '&lt;');
}
