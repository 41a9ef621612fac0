import { markup } from './picture-markup.ts';
import type { Balance } from './picture-scene.ts';
import { fitted, fitting, label, steps } from './picture-shapes.ts';
import { PLOT_FROM, type Row, type Sheet } from './picture-sheet.ts';

/** The lane of an account: a line that goes down and up, with each level in words where there is room. */
export function balanceRow(
  { account, start, levels }: Balance,
  index: number,
  { place, to, edge, range }: Sheet,
): Row {
  const { least, most } = range(account, index);
  const draw = (middle: number) => {
    const height = (left: number) =>
      middle + 22 - (most === least ? 0.5 : (left - least) / (most - least)) * 32;
    const opening = start ?? levels[0]?.left ?? 0;
    const places = [
      { x: PLOT_FROM, y: height(opening), left: opening },
      ...levels.map(({ at, left }) => ({ x: place(at), y: height(left), left })),
    ];
    // What is not drawn lies where the last moment does that is drawn: the last level of a place is the one that stays.
    const stays = places.filter(({ x }, at) => at === 0 || x !== places[at + 1]?.x);
    const changes = stays.filter(({ left }, at) => at === 0 || left !== stays[at - 1]?.left);
    const words = changes.map(({ x, y, left }, at) => {
      const next = changes[at + 1];
      const text = next ? fitting([`${left}`], next.x - x - 8) : undefined;
      return text && label(text, x + 5, y - 10);
    });
    const last = changes.at(-1);
    return markup`${steps(changes, to)}${words}${last && label(fitted(`${last.left} left`, edge - to), to + 10, last.y, 'strong')}`;
  };
  return { group: 'balance', label: account, height: STEPS, draw };
}

const STEPS = 64;
