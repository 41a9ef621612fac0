import { type Markup, markup } from './picture-markup.ts';
import { bar, cross, heardMark, ledgerMark, line, sentMark } from './picture-shapes.ts';

const SIGNS: readonly (readonly [Markup, string])[] = [
  [sentMark(12, 10), 'a client asks'],
  [heardMark(14, 10, false), 'it hears an answer'],
  [cross(14, 10), 'an error, or a refusal'],
  [markup`<path class="gate" d="M14 2V18"/>`, 'a gate opens: all are there'],
  [line('run', 2, 26, 10), 'a run, as far as it is seen'],
  [bar(3, 25, 10, 'completed'), 'attempt, completed'],
  [bar(3, 25, 10, 'failed'), 'attempt, failed'],
  [bar(3, 25, 10, 'lost'), 'dashed: its answer is lost, or comes too late'],
  [ledgerMark(14, 10, 'written'), 'the ledger writes'],
  [ledgerMark(14, 10, 'known'), 'key known, nothing written'],
];

/** What the shapes mean, in words. */
export const LEGEND: Markup = markup`<h2>How to read the drawings</h2>
<ul>${SIGNS.map(
  ([sign, words]) =>
    markup`<li><svg viewBox="0 0 28 20" aria-hidden="true">${sign}</svg>${words}</li>\n`,
)}</ul>`;
