import type { Moment } from '#testkit';
import { type Markup, markup } from './picture-markup.ts';
import { rowsOf } from './picture-rows.ts';
import { type Scale, scaleFor } from './picture-scale.ts';
import type { Scene } from './picture-scene.ts';
import { fitted, label, line, round } from './picture-shapes.ts';
import { LABELS, NAME_WIDTH, PLOT_FROM, type Row, type Sheet } from './picture-sheet.ts';
import { sentencesOf } from './picture-words.ts';

/** A scene as a drawing: its lanes on one axis. */
export interface Drawing {
  readonly svg: Markup;
  /** The same in sentences. */
  readonly says: string;
  readonly scale: Scale['kind'];
}

export interface Drawn {
  /** `before`: names the parts of the drawing in the page. */
  readonly id: string;
  readonly title: string;
  readonly scene: Scene;
}

/** Drawings that can be held beside each other: one scale for all of them. */
export function drawLanes(all: readonly Drawn[]): readonly Drawing[] {
  const scenes = all.map(({ scene }) => scene);
  const scale = scaleFor(scenes, { from: PLOT_FROM + 16, to: PLOT_TO - 16 });
  const range = rangeIn(scenes);
  return all.map(({ id, title, scene }) => {
    const place = (moment: Moment) => scale.x(scene, moment);
    const says = sentencesOf(scene);
    const rows = rowsOf({ scene, place, to: PLOT_TO, edge: WIDTH, range });
    const lanes = stack(rows);
    const svg = markup`<svg role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc" viewBox="0 0 ${WIDTH} ${lanes.bottom + AXIS}">
<title id="${id}-title">${title}</title><desc id="${id}-desc">${says}</desc>
${gates(scene, place, lanes.bottom)}${grid(scene, scale, lanes.bottom)}${lanes.svg}
</svg>`;
    return { svg, says, scale: scale.kind };
  });
}

const WIDTH = 960;
const PLOT_TO = 780;
const AXIS = 30;
const TOP = 4;

const NAMES = {
  clients: 'clients',
  runs: 'run',
  attempts: 'attempts',
  ledger: 'ledger',
  balance: 'balance',
};

function stack(rows: readonly Row[]): { readonly svg: Markup; readonly bottom: number } {
  let top = TOP;
  const parts = rows.map((row, index) => {
    const y = top + row.height / 2;
    const isFirst = row.group !== rows[index - 1]?.group;
    const heading = markup`${isFirst && index > 0 && line('rule', 0, WIDTH, top)}${isFirst && label(NAMES[row.group], 0, y, 'quiet')}`;
    top += row.height;
    const name = fitted(row.label, NAME_WIDTH);
    return markup`${heading}${name !== '' && label(name, LABELS, y)}${row.draw(y)}\n`;
  });
  return { svg: markup`${parts}`, bottom: top };
}

function grid(scene: Scene, scale: Scale, bottom: number): Markup {
  const ticks = scale.ticks(scene);
  const lines = ticks.map(({ x }) => `M${round(x)} ${TOP}V${bottom}`).join('');
  const words = ticks.map(
    ({ x, text }) => markup`<text x="${round(x)}" y="${bottom + 17}">${text}</text>`,
  );
  return markup`<path class="grid" d="${lines}"/><g class="axis">${words}</g>${label('ms', LABELS, bottom + 12, 'quiet')}`;
}

function gates(
  { gates: opened }: Scene,
  place: (moment: Moment) => number,
  bottom: number,
): Markup {
  const lines = opened.flatMap(({ opened: at }) =>
    at ? `M${round(place(at))} ${TOP}V${bottom}` : [],
  );
  return markup`${lines.length > 0 && markup`<path class="gate" d="${lines.join('')}"/>`}`;
}

function rangeIn(scenes: readonly Scene[]): Sheet['range'] {
  return (account, index) => {
    const named = scenes.map(({ balances }) =>
      balances.items.find((one) => one.account === account),
    );
    const found = named.every((one) => one)
      ? named
      : scenes.map(({ balances }) => balances.items[index]);
    const held = found.flatMap((one) =>
      one ? [one.start ?? [], one.levels.map(({ left }) => left)] : [],
    );
    const values = held.flat();
    return { least: Math.min(...values), most: Math.max(...values) };
  };
}
