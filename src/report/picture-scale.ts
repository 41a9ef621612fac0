import type { Moment } from '#testkit';
import type { Scene } from './picture-scene.ts';

/** Where on the drawing a moment is: the same scale for all scenes, each from its own first moment. */
export interface Scale {
  /**
   * `time`: as long as it took. `order`: equal steps, where moments lie so close together that their marks would cover
   * each other.
   */
  readonly kind: 'time' | 'order';
  x(scene: Scene, moment: Moment): number;
  /** What stands under the axis. */
  ticks(scene: Scene): readonly { readonly x: number; readonly text: string }[];
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

export function scaleFor(scenes: readonly Scene[], span: Span): Scale {
  const time = timeScale(scenes, span);
  return scenes.every((scene) => hasRoom(scene, time)) ? time : orderScale(scenes, span);
}

/** Whole milliseconds since the first moment that is drawn. */
export function sinceStart({ moments }: Scene, { at }: Moment): number {
  return Math.round(at - Math.min(...moments.map((moment) => moment.at)));
}

/** Two marks of one lane need this much. */
const APART = 16;
const TICK_APART = 52;

function timeScale(scenes: readonly Scene[], { from, to }: Span): Scale {
  const longest = Math.max(
    1,
    ...scenes.flatMap((scene) => scene.moments.map((moment) => sinceStart(scene, moment))),
  );
  const place = (ms: number) => from + (ms / longest) * (to - from);
  const step = roundStep((longest * TICK_APART) / (to - from));
  const ticks = Array.from({ length: Math.floor(longest / step) + 1 }, (_, index) => index * step);
  return {
    kind: 'time',
    x: (scene, moment) => place(sinceStart(scene, moment)),
    ticks: () => ticks.map((ms) => ({ x: place(ms), text: `${ms}` })),
  };
}

function orderScale(scenes: readonly Scene[], { from, to }: Span): Scale {
  const steps = Math.max(1, ...scenes.map(({ moments }) => moments.length - 1));
  const place = (rank: number) => from + (Math.max(0, rank) / steps) * (to - from);
  const every = Math.ceil((TICK_APART * steps) / (to - from));
  return {
    kind: 'order',
    // A moment that is not drawn lies where the last one before it does.
    x: ({ moments }, { order }) =>
      place(moments.filter((drawn) => drawn.order <= order).length - 1),
    ticks: (scene) =>
      scene.moments.flatMap((moment, rank) =>
        rank % every === 0 ? { x: place(rank), text: `${sinceStart(scene, moment)}` } : [],
      ),
  };
}

function hasRoom(scene: Scene, { x }: Scale): boolean {
  const { requests, attempts, ledger, moments } = scene;
  const lanes = [
    ...requests.items.map(({ sent, answered }) => [sent, answered]),
    ...attempts.items.map(({ started, ended }) => [started, ended]),
    ledger.items.map(({ asked }) => asked),
  ];
  return (
    moments.length > 0 &&
    lanes.every((lane) => {
      const places = lane
        .filter((moment) => moment !== undefined)
        .map((moment) => x(scene, moment));
      return places.every(
        (place, index) => index === 0 || place - (places[index - 1] ?? 0) >= APART,
      );
    })
  );
}

/** 1, 2 or 5, and noughts. */
function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  return (
    [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= atLeast && step >= 1) ?? 1
  );
}
