import type { Paint } from '#report';
import { type Look, type Signs, signsOf } from './look.ts';
import { cutFront, type Piece, row, wrap } from './text.ts';

/** What every part of a screen is drawn on. */
export interface Sheet {
  readonly colour: Paint;
  readonly signs: Signs;
  /** From the left margin to the right one. */
  readonly width: number;
  /** There is room for sentences beside codes. */
  readonly sentences: boolean;
  /** A place in a file; of a long one the end, where it follows a label of this width. */
  link(place: string, after?: number): Piece;
  /** Lines of a text that is read from left to right. */
  prose(text: string): readonly string[];
}

const LEAST_FOR_SENTENCES = 60;
const WIDEST = 120;
export const MARGIN = '  ';

export function sheetFor(look: Look): Sheet {
  const width = Math.min(WIDEST, look.columns) - 2 * MARGIN.length;
  const signs = signsOf(look);
  const { linkTo } = look;
  return {
    colour: look.colour,
    signs,
    width,
    sentences: look.columns >= LEAST_FOR_SENTENCES,
    link: (place, after = 0) => ({
      text: cutFront(place, width - after, signs.more),
      ...(linkTo && { paint: linked(linkTo(place)) }),
    }),
    prose: (text) => wrap(signs.text(text), width),
  };
}

/** A line with a text at each edge; the first of these texts for the right one that fits, or none. */
export function line(
  sheet: Sheet,
  left: readonly Piece[],
  ...right: readonly (readonly Piece[])[]
): string {
  const fitting = right.map((one) => row(left, one, sheet.width)).find((one) => one !== undefined);
  return fitting ?? row(left, [], sheet.width) ?? '';
}

/** OSC 8: terminals that do not know it show the text alone. */
function linked(url: string): (text: string) => string {
  return (text) => `\u001B]8;;${url}\u001B\\${text}\u001B]8;;\u001B\\`;
}
