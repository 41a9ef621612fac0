import { stripVTControlCharacters } from 'node:util';

/** A stretch of text with what it looks like: it is measured and cut before it is painted. */
export interface Piece {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Columns that a text takes on a terminal: a sign of the far East takes two, an accent none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const sign of text) width += MARK.test(sign) ? 0 : WIDE.test(sign) ? 2 : 1;
  return width;
}

const MARK = /\p{M}|\p{Default_Ignorable_Code_Point}/u;
const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u;

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Breaks a text at blanks into lines of this width; a word that is longer is broken wherever the line ends. One that fits stays as it is. */
export function wrap(text: string, width: number): readonly string[] {
  if (widthOf(stripVTControlCharacters(text)) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/).flatMap((part) => chop(part, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function chop(word: string, width: number): readonly string[] {
  const parts: string[] = [];
  let part = '';
  for (const sign of word) {
    if (widthOf(part + sign) > width) {
      parts.push(part);
      part = '';
    }
    part += sign;
  }
  return [...parts, part];
}

/** The text, or its beginning and a sign that there is more. */
export function cut(text: string, width: number, more = '…'): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const sign of text) {
    if (widthOf(kept + sign) > width - widthOf(more)) break;
    kept += sign;
  }
  return kept + more;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** A path, or its end and a sign that there is more. */
export function cutFront(text: string, width: number, more = '…'): string {
  if (widthOf(text) <= width) return text;
  return more + text.slice(more.length - width);
}

/** What a learner's code says may hold anything: no sign of it moves the cursor. */
export function harmless(text: string): string {
  return text.replaceAll(ESCAPED, '').replaceAll('\t', '  ').replaceAll(CONTROL, '');
}

/** CSI (colours, the cursor), OSC (titles, links), and whatever else an escape begins. */
// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const ESCAPED = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|.)/g;

// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const CONTROL = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/g;

/**
 * One line: pieces from the left edge, and others that end at the right one.
 *
 * @returns undefined where there is no room for two blanks between them
 */
export function row(
  left: readonly Piece[],
  right: readonly Piece[],
  width: number,
): string | undefined {
  const gap = width - sum(left) - sum(right);
  if (right.length > 0 && gap < 2) return undefined;
  return `${painted(left)}${right.length > 0 ? ' '.repeat(gap) : ''}${painted(right)}`;
}

function sum(pieces: readonly Piece[]): number {
  return pieces.reduce((width, { text }) => width + widthOf(text), 0);
}

function painted(pieces: readonly Piece[]): string {
  return pieces.map(({ text, paint }) => paint?.(text) ?? text).join('');
}
