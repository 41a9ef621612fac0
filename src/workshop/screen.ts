import { count } from '#report';
import { isGood } from './judgement.ts';
import type { View } from './learner/view.ts';
import { type Beside, printedLines, typeLines } from './screen/beside.ts';
import { claimLines } from './screen/claims.ts';
import { ending, keysOf } from './screen/ending.ts';
import { lanes } from './screen/lanes.ts';
import type { Look } from './screen/look.ts';
import { comparison, header, stopLines } from './screen/parts.ts';
import { line, MARGIN, type Sheet, sheetFor } from './screen/sheet.ts';
import { seconds } from './screen/text.ts';

/**
 * One judgement on one screen: the claims, what happened, where to go on. Where the terminal is not high enough the
 * drawing goes first, then the story, then what holds.
 */
export function renderScreen(view: View, look: Look, beside: Beside = {}): string {
  const sheet = sheetFor(look);
  const draw = (without: number) =>
    linesOf(view, look, beside, sheet, {
      drawing: without < 1,
      story: without < 2,
      greens: without < 3,
    });
  const heights = [0, 1, 2, 3].map(draw);
  const rows = look.rows ?? Number.POSITIVE_INFINITY;
  const fitting = heights.find((lines) => lines.length < rows) ?? heights.at(-1) ?? [];
  const seen = fitting.length < rows ? fitting : fitting.slice(1 - rows);
  return seen.map((text) => (text === '' ? '' : `${MARGIN}${text}`)).join('\n');
}

interface With {
  readonly drawing: boolean;
  readonly story: boolean;
  readonly greens: boolean;
}

function linesOf(view: View, look: Look, beside: Beside, sheet: Sheet, has: With) {
  const drawing = has.drawing ? drawingOf(view, look, sheet) : [];
  const body = isGood(view.judgement)
    ? passed(view, sheet, drawing)
    : view.judgement.stopped
      ? stopped(view, sheet)
      : failed(view, sheet, drawing, has);
  const said = beside.said === undefined ? [] : beside.said.split('\n').flatMap(sheet.prose);
  return [
    ...header(view, sheet),
    ...body,
    ...section(printedLines(view, sheet)),
    ...section(typeLines(beside, sheet)),
    ...section(view.notes.flatMap((note) => sheet.prose(note).map(sheet.colour.limit))),
    ...ending(view, beside, sheet),
    ...section(said),
    ...(said.length > 0 ? [''] : []),
    ...keysOf(view, sheet),
  ];
}

function failed(view: View, sheet: Sheet, drawing: readonly string[], has: With) {
  const { wrongTurn, exercise } = view;
  const turn = wrongTurn ? sheet.prose(`A known wrong turn: ${wrongTurn.says}`) : [];
  return [
    ...(has.story && sheet.sentences ? [...sheet.prose(exercise.story), ''] : []),
    ...claimLines(view, sheet, has),
    ...section(turn),
    ...section(wrongTurn ? [] : drawing),
  ];
}

function passed(view: View, sheet: Sheet, drawing: readonly string[]) {
  const { judgement, exercise, progress, next } = view;
  const { colour, signs } = sheet;
  const all = `${signs.good}all ${count(judgement.claims.length, 'claim')} hold`;
  const lesson = exercise.lesson.replace(/^You have shown[: ]+/, '');
  return [
    line(
      sheet,
      [{ text: all, paint: colour.good }],
      [{ text: `checked in ${seconds(judgement.durationMs)}` }],
    ),
    ...section(drawing),
    ...section(sheet.prose(`You have shown: ${lesson}`)),
    ...section(sheet.prose(`Before you go on, say it in one sentence: ${exercise.question}`)),
    comparison(view, sheet),
    ...(next === undefined && progress.done === progress.of
      ? ['', colour.good(`That was the last one: all ${progress.of} are done.`)]
      : []),
  ];
}

function stopped(view: View, sheet: Sheet) {
  const claims = view.judgement.claims.length > 0;
  return [
    ...(claims ? [...claimLines(view, sheet, { greens: true }), ''] : []),
    ...stopLines(view, sheet),
  ];
}

/** The first recording in which something can be drawn. */
function drawingOf({ judgement }: View, look: Look, sheet: Sheet): readonly string[] {
  const narrower = { ...look, columns: sheet.width - 4 };
  const found = judgement.evidence
    .map((evidence) => lanes(evidence, narrower))
    .find((lines) => lines.length > 0);
  return (found ?? []).map((text) => `    ${text}`);
}

/** Set off by a blank line, where there is anything. */
function section(lines: readonly string[]): readonly string[] {
  return lines.length > 0 ? ['', ...lines] : [];
}
