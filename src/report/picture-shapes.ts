import type { Moment } from '#testkit';
import type { Ending } from './picture-endings.ts';
import { cut, type Markup, markup } from './picture-markup.ts';

/** A client asks: ▶ */
export function sentMark(x: number, y: number): Markup {
  return markup`<path class="full" d="M${round(x - 4)} ${y - 5}l9 5-9 5z"/>`;
}

/** A client hears: ○, or ✕ where it hears an error. */
export function heardMark(x: number, y: number, refused: boolean): Markup {
  return refused ? cross(x, y) : markup`<circle class="ring" cx="${round(x)}" cy="${y}" r="4.5"/>`;
}

export function cross(x: number, y: number): Markup {
  return markup`<path class="cross" d="M${round(x - 4)} ${y - 4}l8 8m0-8l-8 8"/>`;
}

/** ◆ written, ◇ key known, ✕ declined. */
export function ledgerMark(x: number, y: number, came: 'written' | 'known' | 'declined'): Markup {
  if (came === 'declined') return cross(x, y);
  return markup`<path class="${came}" d="M${round(x)} ${y - 7}l7 7-7 7-7-7z"/>`;
}

/** Solid: completed. Hollow: failed. Dashed: its answer is lost. */
export function bar(from: number, to: number, y: number, ending: Ending): Markup {
  const width = round(Math.max(6, to - from));
  const box = markup`<rect class="bar ${ending}" x="${round(from)}" y="${y - 6}" width="${width}" height="12" rx="2"/>`;
  return ending === 'failed' || ending === 'lost' ? markup`${box}${cross(to, y)}` : box;
}

export function line(kind: string, from: number, to: number, y: number): Markup {
  return markup`<path class="${kind}" d="M${round(from)} ${y}H${round(to)}"/>`;
}

export function label(text: string, x: number, y: number, kind = ''): Markup {
  const styled = kind === '' ? undefined : markup` class="${kind}"`;
  return markup`<text${styled} x="${round(x)}" y="${y + 5}">${text}</text>`;
}

/** The longest of the texts that fits, or nothing. */
export function fitting(texts: readonly string[], width: number): string | undefined {
  return texts.find((text) => text.length * CHARACTER <= width);
}

/** As much of the text as fits; what is at its end stays whole. */
export function fitted(text: string, width: number, end = ''): string {
  const room = Math.floor(width / CHARACTER) - end.length;
  return `${cut(text, Math.max(1, room))}${end}`;
}

/** Lines that go up or down where a balance changes. */
export function steps(places: readonly { x: number; y: number }[], to: number): Markup {
  const path = places.map(({ x, y }, index) =>
    index === 0 ? `M${round(x)} ${round(y)}` : `H${round(x)}V${round(y)}`,
  );
  return markup`<path class="steps" d="${path.join('')}H${round(to)}"/>`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** How wide a character of 14 px is, on the safe side: nothing measures text here. */
const CHARACTER = 8.4;

export type Place = (moment: Moment) => number;
