import type { Evidence } from '#testkit';
import { count } from './count.ts';
import { drawLanes } from './picture-lanes.ts';
import { LEGEND } from './picture-legend.ts';
import { cut, type Markup, markup } from './picture-markup.ts';
import { type Fold, sceneOf } from './picture-scene.ts';
import { type PictureClaim, scrolling, stepsTable } from './picture-tables.ts';

export interface DrawnSide {
  /** `before`, `after` */
  readonly id: string;
  readonly name: string;
  readonly evidence: readonly Evidence[];
  readonly claims: readonly PictureClaim[];
  readonly stopped?: string;
}

export interface PageFold extends Fold {
  /** Tests that are drawn. */
  readonly tests: number;
}

/** A section for each test: what happened before above what happened after, on one scale, then the same as tables. */
export function testSections(sides: readonly DrawnSide[], fold: PageFold): Markup | undefined {
  const all = Math.max(...sides.map(({ evidence }) => evidence.length));
  if (all === 0) return markup`<p>Nothing was recorded.</p>`;
  const drawn = Array.from({ length: Math.min(all, fold.tests) }, (_, index) =>
    testSection(index, sides, fold),
  );
  const rest = all - drawn.length;
  const omitted = rest > 0 && markup`<p class="quiet">Not drawn: ${count(rest, 'more test')}.</p>`;
  return markup`${LEGEND}${drawn}${omitted}`;
}

/** `✗ 2 of 6 claims fail`, in the colour of it; undefined where none was made. */
export function verdictOf({ claims, stopped }: DrawnSide): Markup | undefined {
  const failed = claims.filter(({ holds }) => !holds).length;
  const all = count(claims.length, 'claim');
  const made = claims.filter(({ reached = true }) => reached).length;
  if (stopped !== undefined) {
    return markup`<span class="bad">✗ Stopped by ${cut(stopped, 200)}${claims.length > 0 && `, with ${made} of ${all} made`}</span>`;
  }
  if (failed > 0) {
    return markup`<span class="bad">✗ ${failed} of ${all} ${failed === 1 ? 'fails' : 'fail'}</span>`;
  }
  if (claims.length === 0) return undefined;
  return markup`<span class="good">✓ ${claims.length === 1 ? '1 claim holds' : `All ${all} hold`}</span>`;
}

function testSection(index: number, sides: readonly DrawnSide[], fold: Fold): Markup {
  const recorded = sides.flatMap((side) => {
    const evidence = side.evidence[index];
    if (!evidence) return [];
    return { side, id: `${side.id}-${index + 1}`, evidence, scene: sceneOf(evidence, fold) };
  });
  const drawings = drawLanes(
    recorded.map(({ id, side, scene }) => ({ id, title: side.name, scene })),
  );
  const figures = drawings.map(({ svg, says }, at) => figure(recorded[at], says, svg));
  const tables = recorded.map(({ side, scene }) =>
    stepsTable(`Test ${index + 1}, step by step. ${side.name}`, scene),
  );
  return markup`<section>
<h2>Test ${index + 1}: ${cut(recorded[0]?.evidence.claim ?? '', 160)}</h2>
<p class="quiet">${drawings[0] && AXES[drawings[0].scale]}${drawings.length > 1 && ' Both drawings have the same scale.'}</p>
${figures}${tables}
</section>
`;
}

interface Recorded {
  readonly id: string;
  readonly side: DrawnSide;
}

function figure(recorded: Recorded | undefined, says: string, svg: Markup): Markup {
  if (!recorded) return markup``;
  const { id, side } = recorded;
  return markup`<h3 id="${id}">${side.name} ${verdictOf(side)}</h3>
<figure><figcaption>${says}</figcaption>
${scrolling(`Drawing ${id}`, svg)}</figure>
`;
}

const AXES = {
  time: 'The axis is time: milliseconds since the first moment.',
  order:
    'The axis is the order in which things happened, in equal steps; the numbers below it are milliseconds since the first moment.',
};
