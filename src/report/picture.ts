import type { Evidence } from '#testkit';
import { cut, type Markup, markup } from './picture-markup.ts';
import { PICTURE_STYLE } from './picture-style.ts';
import { claimsTable, type PictureClaim } from './picture-tables.ts';
import { type DrawnSide, type PageFold, testSections, verdictOf } from './picture-tests.ts';

export type { PictureClaim };

/** What one exercise has shown, before a remedy and after it. */
export interface Picture {
  readonly title: string;
  /** One line under the title. */
  readonly story: string;
  readonly before?: PictureSide;
  readonly after: PictureSide;
  readonly facts: PictureFacts;
}

export interface PictureSide {
  /** `the starter` */
  readonly name: string;
  /** One for each test; the same place in both sides is the same test. */
  readonly evidence: readonly Evidence[];
  readonly claims: readonly PictureClaim[];
  /** What kept it from its claims. */
  readonly stopped?: string;
}

/** Where what is shown was recorded. */
export interface PictureFacts {
  readonly commit: string;
  readonly server: string;
  readonly sdk: string;
  readonly date: string;
  readonly seed?: string;
}

/** What a picture may weigh. */
export const PICTURE_BYTES = 30_000;

/**
 * One static HTML page: what must hold, and the recorded experiment as lanes on one axis, in sentences and as a table. It
 * has no script and fetches nothing. Where there is too much to draw, it shows some of each kind and says how many it
 * left out.
 */
export function renderPicture(picture: Picture): string {
  let page = '';
  for (const fold of FOLDS) {
    page = pageOf(picture, fold).toString();
    if (Buffer.byteLength(page) < PICTURE_BYTES) break;
  }
  return page;
}

/** From generous to mean: the first one that fits is taken. A test that is left out is worse than a client. */
const FOLDS: readonly PageFold[] = [
  { tests: 6, requests: 12, runs: 6, attempts: 12, ledger: 16, balances: 4 },
  { tests: 6, requests: 8, runs: 5, attempts: 8, ledger: 12, balances: 3 },
  { tests: 6, requests: 6, runs: 3, attempts: 6, ledger: 8, balances: 2 },
  { tests: 6, requests: 4, runs: 2, attempts: 4, ledger: 6, balances: 1 },
  { tests: 4, requests: 4, runs: 2, attempts: 4, ledger: 5, balances: 1 },
  { tests: 3, requests: 4, runs: 2, attempts: 4, ledger: 5, balances: 1 },
  { tests: 2, requests: 3, runs: 2, attempts: 3, ledger: 4, balances: 1 },
  { tests: 1, requests: 3, runs: 2, attempts: 3, ledger: 4, balances: 1 },
];

function pageOf({ title, story, before, after, facts }: Picture, fold: PageFold): Markup {
  const sides = sidesOf(before, after);
  const { commit, server, sdk, date, seed } = facts;
  return markup`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${cut(title, 120)}</title>
<style>${PICTURE_STYLE}</style></head>
<body>
<header><h1>${cut(title, 120)}</h1><p>${cut(story, 300)}</p></header>
<main>
${claimsSection(sides)}
${testSections(sides, fold)}
</main>
<footer><p>Recorded ${date} at commit ${commit}, ${server}, ${sdk}${seed && `, seed ${seed}`}. Drawn from that record, nothing by hand.</p></footer>
</body>
</html>
`;
}

function sidesOf(before: PictureSide | undefined, after: PictureSide): readonly DrawnSide[] {
  const name = cut(after.name, 60);
  if (!before) {
    return [{ ...after, id: 'after', name: name.charAt(0).toUpperCase() + name.slice(1) }];
  }
  return [
    { ...before, id: 'before', name: `Before: ${cut(before.name, 60)}` },
    { ...after, id: 'after', name: `After: ${name}` },
  ];
}

function claimsSection(sides: readonly DrawnSide[]): Markup | undefined {
  if (sides.every((side) => !verdictOf(side))) return undefined;
  return markup`<h2>The claims</h2>
${sides.map(verdictLine)}
${claimsTable(sides)}`;
}

function verdictLine(side: DrawnSide): Markup {
  const failed = side.claims.filter(({ holds }) => !holds);
  const told = failed.map(
    ({ code, got, wanted }) => `${cut(code, 40)} (${cut(got, 60)}, wanted ${cut(wanted, 60)})`,
  );
  const why = told.length > 0 && `: ${cut(told.join(', '), 400)}`;
  return markup`<p>${side.name}. ${verdictOf(side) ?? 'No claim was made'}${why}.</p>\n`;
}
