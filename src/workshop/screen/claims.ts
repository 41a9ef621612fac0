import type { ClaimMade } from '#exercises';
import type { View } from '../learner/view.ts';
import { line, type Sheet } from './sheet.ts';
import { harmless, type Piece, padEnd, widthOf, wrap } from './text.ts';

/** A line for each claim: green ones first and red ones last, what was got at the right edge. */
export function claimLines(view: View, sheet: Sheet, look: { greens: boolean }): readonly string[] {
  const { claims, stopped, notReached } = view.judgement;
  const column = columnOf(view);
  const [green, red] = [claims.filter(({ holds }) => holds), claims.filter(({ holds }) => !holds)];
  const unmade = stopped ? [] : notReached;
  const { colour, signs } = sheet;
  return [
    ...(look.greens
      ? green.flatMap((claim) => claimLine(claim, column, sheet))
      : [colour.good(`${signs.good}${green.length} of ${claims.length} claims hold`)]),
    ...red.flatMap((claim) => claimLine(claim, column, sheet)),
    ...unmade.map((code) =>
      line(
        sheet,
        [{ text: `${signs.bad}${code}`, paint: colour.bad }],
        [{ text: 'not reached', paint: colour.bad }],
      ),
    ),
  ];
}

/** Codes have a column, so that sentences begin below each other. */
function columnOf({ exercise }: View): number {
  return Math.max(...exercise.claims.map((code) => code.length)) + 3;
}

function claimLine(claim: ClaimMade, column: number, sheet: Sheet): readonly string[] {
  const { colour, signs } = sheet;
  const paint = claim.holds ? colour.good : colour.bad;
  const sign = claim.holds ? signs.good : signs.bad;
  const code: Piece = { text: `${sign}${padEnd(claim.code, sheet.sentences ? column : 0)}`, paint };
  const indent = widthOf(code.text);
  const verdict = verdictOf(claim, sheet);

  const sentences = sheet.sentences
    ? wrap(signs.text(harmless(claim.says)), sheet.width - indent)
    : [''];
  const rows = sentences.map((text, index): readonly Piece[] =>
    index === 0 ? [code, { text }] : [{ text: ' '.repeat(indent) + text }],
  );
  return [
    ...rows.slice(0, -1).map((left) => line(sheet, left)),
    ...withVerdict(rows.at(-1) ?? [code], verdict, claim, sheet),
  ];
}

/** Beside the sentence; below it where there is no room; over several lines where it is longer than one. */
function withVerdict(
  left: readonly Piece[],
  verdict: string,
  { holds }: ClaimMade,
  sheet: Sheet,
): readonly string[] {
  const paint = holds ? sheet.colour.good : sheet.colour.bad;
  const used = left.reduce((width, { text }) => width + widthOf(text), 0);
  if (used + 2 + widthOf(verdict) <= sheet.width) {
    return [line(sheet, left, [{ text: verdict, paint }])];
  }
  return [
    line(sheet, left),
    ...wrap(verdict, sheet.width).map((text) =>
      paint(' '.repeat(sheet.width - widthOf(text)) + text),
    ),
  ];
}

function verdictOf({ holds, got, wanted }: ClaimMade, { signs }: Sheet): string {
  const text = holds ? got : `${got}, wanted ${wanted}`;
  return signs.text(harmless(text).replaceAll('\n', ' '));
}
