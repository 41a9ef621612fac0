import type { Markup } from './picture-markup.ts';
import type { Scene } from './picture-scene.ts';
import type { Place } from './picture-shapes.ts';

export interface Range {
  readonly least: number;
  readonly most: number;
}

/** One lane of the drawing. `y` is its middle. */
export interface Row {
  readonly group: 'clients' | 'runs' | 'attempts' | 'ledger' | 'balance';
  readonly label: string;
  readonly height: number;
  draw(y: number): Markup;
}

export interface Sheet {
  readonly scene: Scene;
  readonly place: Place;
  /** Where the drawing ends, and words may stand on its right. */
  readonly to: number;
  /** Where the words end. */
  readonly edge: number;
  /** What an account held, in all scenes: the same one by its name, otherwise by its place in the drawing. */
  readonly range: (account: string, index: number) => Range;
}

/** Where the names of lanes begin. */
export const LABELS = 74;

/** Where the axis begins. */
export const PLOT_FROM = 240;

/** What there is for a name. */
export const NAME_WIDTH = PLOT_FROM - LABELS - 4;
