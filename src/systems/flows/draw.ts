import {
  type FlowDefinition,
  type FlowEvent,
  nextStep,
  type StepDefinition,
} from './definition.ts';
import type { FlowState } from './flow.ts';
import { type NodeName, nodeCalled } from './nodes/names.ts';

/** How far a run has come. */
export type Path = Pick<FlowState, 'visited' | 'current'>;

/**
 * A definition as a Mermaid flowchart: each step with its node, and where each event leads. Text of the definition is
 * written so that it stays text, whatever is in it.
 *
 * @param path marks what a run has visited, the way that it took, and where it is
 */
export function drawFlow(definition: FlowDefinition, path?: Path): string {
  const ids = new Map(Object.keys(definition.steps).map((name, at) => [name, `step${at + 1}`]));
  const arrows = arrowsOf(definition, ids);
  const lines = [
    'flowchart TD',
    '    Start([Start])',
    ...Object.entries(definition.steps).map(
      ([name, { node }]) =>
        `    ${ids.get(name)}["${textOf(name)}<br/>${textOf(node)}${timesOf(name, path)}"]`,
    ),
    ...arrows.map(({ from, to, events }) => {
      const label = events.length > 0 ? `|${events.join('<br/>')}|` : '';
      return `    ${from} -->${label} ${to.startsWith('End') ? `${to}([End])` : to}`;
    }),
    ...(path ? marksOf(path, ids, arrows) : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** From one box to another; without events where it is taken whatever the node says. */
interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly events: readonly FlowEvent[];
}

function arrowsOf({ start_step, steps }: FlowDefinition, ids: Ids): Arrow[] {
  let ends = 0;
  const arrows: Arrow[] = [{ from: 'Start', to: ids.get(start_step) ?? 'Start', events: [] }];
  for (const [name, step] of Object.entries(steps)) {
    const from = ids.get(name) as string;
    for (const [target, events] of waysOn(step)) {
      const to = target === undefined ? `End${(ends += 1)}` : (ids.get(target) as string);
      arrows.push({ from, to, events });
    }
  }
  return arrows;
}

type Ids = ReadonlyMap<string, string>;

/** Undefined is the end. */
function waysOn(step: StepDefinition): ReadonlyMap<string | undefined, readonly FlowEvent[]> {
  if (step.condition === undefined) return new Map([[step.go_to, []]]);
  const ways = new Map<string | undefined, readonly FlowEvent[]>();
  for (const event of eventsOf(step)) {
    const target = nextStep(step, event);
    ways.set(target, [...(ways.get(target) ?? []), event]);
  }
  return ways;
}

/** What the node can say, and what the definition waits for all the same. */
function eventsOf(step: StepDefinition): readonly FlowEvent[] {
  const node = nodeCalled(step.node);
  const said = (node && SAID_BY[node]) ?? ['condition_satisfied'];
  const isWritten = (event: FlowEvent) => nextStep({ ...step, go_to: undefined }, event);
  return EVENTS.filter((event) => said.includes(event) || isWritten(event) !== undefined);
}

const EVENTS = ['condition_satisfied', 'condition_not_satisfied', 'condition_timeout'] as const;

/** What a node can say, where that is not only that it is satisfied. */
const SAID_BY: Readonly<Partial<Record<NodeName, readonly FlowEvent[]>>> = {
  branch: ['condition_satisfied', 'condition_not_satisfied'],
  wait_answer: ['condition_satisfied', 'condition_timeout'],
  webhook: ['condition_satisfied', 'condition_not_satisfied'],
};

function timesOf(name: string, path: Path | undefined): string {
  const times = path?.visited.filter(({ step }) => step === name).length ?? 0;
  return times > 1 ? ` ×${times}` : '';
}

function marksOf({ visited, current }: Path, ids: Ids, arrows: readonly Arrow[]): string[] {
  const taken = [0];
  for (const { step, event_type } of visited) {
    const from = ids.get(step);
    taken.push(
      arrows.findIndex(
        (arrow) =>
          arrow.from === from && (arrow.events.length === 0 || arrow.events.includes(event_type)),
      ),
    );
  }
  const links = [...new Set(taken)].filter((at) => at >= 0).toSorted((one, other) => one - other);
  const passed = visited.flatMap(({ step }) => ids.get(step) ?? []);
  const boxes = new Set(['Start', ...passed, ...(current === null ? endOf(arrows, taken) : [])]);
  const now = current === null ? undefined : ids.get(current);
  return [
    '    classDef visited fill:#c8e6c9,stroke:#2e7d32,color:#000',
    `    class ${[...boxes].join(',')} visited`,
    `    linkStyle ${links.join(',')} stroke:#2e7d32,stroke-width:3px`,
    ...(now === undefined
      ? []
      : [
          '    classDef current fill:#fff9c4,stroke:#f9a825,color:#000',
          `    class ${now} current`,
        ]),
  ];
}

/** Where the last step has led. */
function endOf(arrows: readonly Arrow[], taken: readonly number[]): string[] {
  const to = arrows[taken.at(-1) ?? -1]?.to;
  return to?.startsWith('End') ? [to] : [];
}

/** Quotes would end the label, and the rest could be taken for markup. */
function textOf(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} _.,:'()-]/gu, (one) => `#${one.codePointAt(0)};`);
}
