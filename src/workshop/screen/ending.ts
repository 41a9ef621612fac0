import { isGood } from '../judgement.ts';
import type { View } from '../learner/view.ts';
import type { Beside } from './beside.ts';
import { keyLines, numbered, places } from './parts.ts';
import { line, type Sheet } from './sheet.ts';
import { seconds } from './text.ts';

/** Where to go on, and what this judgement was. */
export function ending(view: View, { savedAt, checking }: Beside, sheet: Sheet): readonly string[] {
  if (isGood(view.judgement))
    return [...(checking ? ['', `checking ${sheet.signs.more}`] : []), ''];
  const { judgement, tries, hintsLeft, wrongTurn } = view;
  const withTest = wrongTurn === undefined && judgement.stopped === undefined;
  const where = ['', ...places(view, sheet, { withTest })];
  const saved = savedAt && `Saved ${savedAt.toTimeString().slice(0, 8)}`;
  if (judgement.stopped && !checking) return where;
  const judged = checking
    ? [`checking ${sheet.signs.more}`]
    : [`checked in ${seconds(judgement.durationMs)}`, `${ordinal(tries)} try`];
  const told = [saved, ...judged].filter((text) => text !== undefined);
  const text = told.join(` ${sheet.signs.dot} `);
  return [
    ...where,
    ...(withTest ? [''] : []),
    line(
      sheet,
      [{ text: text.charAt(0).toUpperCase() + text.slice(1) }],
      [{ text: helpOf(hintsLeft), paint: sheet.colour.limit }],
    ),
  ];
}

function helpOf(hintsLeft: number): string {
  return hintsLeft > 0
    ? `stuck? press h (${4 - hintsLeft} of 3)`
    : 'stuck? press d, or ask somebody';
}

/** What can be pressed now. */
export function keysOf(view: View, sheet: Sheet): readonly string[] {
  if (!isGood(view.judgement)) return keyLines([KEYS], sheet);
  const { next } = view;
  const on = next ? `n next: ${numbered(next, sheet)}` : 'l list';
  return keyLines(
    [
      [on, 'd compare', 'w try a wrong turn', 'p picture', 'q quit'],
      [on, 'd compare', 'w wrong turn', 'p picture', 'q'],
      [next ? 'n next' : on, 'd compare', 'w wrong turn', 'p picture', 'q'],
    ],
    sheet,
  );
}

const KEYS = 'h hint,d diff,r run,l list,n skip,x reset,p picture,? all,q'.split(',');

function ordinal(n: number): string {
  const last = n % 100 > 10 && n % 100 < 14 ? 0 : n % 10;
  return `${n}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`;
}
