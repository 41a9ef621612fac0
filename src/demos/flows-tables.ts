import type { FlowDefinition } from '#systems/flows';
import type { Table } from '#testkit';
import type { FlowEffect } from './flows-stage.ts';
import { effectsOfVisit, visitsWithEffect } from './flows-verdict.ts';
import { clipped, eventInWords, visitInWords, type WalkedFlow } from './flows-walked.ts';

/** Flows of one definition beside each other: what each step has said, and how often it had its effect. */
export function waysTable(
  flows: readonly { readonly title: string; readonly flow: WalkedFlow }[],
  definition: FlowDefinition,
  effects: readonly FlowEffect[],
): Table {
  const places = placesOf(
    flows.map(({ flow }) => flow),
    definition,
  );
  const rows = places.map(({ name, node }) => [
    clipped(name, 22),
    clipped(node, 14),
    ...flows.map(({ flow }) => cellOf(flow, name, effects)),
  ]);
  return {
    title: 'What each step has said, in its turn, and its effects',
    columns: ['step', 'node', ...flows.map(({ title }) => title)],
    rows: firstOf(rows),
  };
}

/** What has come out of the flows, flow by flow. */
export function outboxTable(effects: readonly FlowEffect[]): Table {
  const byKey = effects.toSorted((one, other) => compare(one.key, other.key));
  const rows = byKey.map((effect) => {
    const isWebhook = !('kind' in effect);
    return [
      isWebhook ? 'webhook' : effect.kind,
      isWebhook ? 'receiver' : clipped(effect.to, 10),
      clipped(effect.key, 48),
    ];
  });
  return {
    title: 'The outbox, and the books of the receiver',
    columns: ['what', 'to', 'key'],
    rows: firstOf(rows),
  };
}

/** Each flow of the demo, counted. */
export function sumsTable(walked: readonly WalkedFlow[], effects: readonly FlowEffect[]): Table {
  return {
    title: 'All flows, counted',
    columns: ['cart', 'path', 'steps with an effect', 'effects'],
    rows: walked.map((flow) => {
      const visits = visitsWithEffect(flow);
      const found = visits.map((visit) => effectsOfVisit(flow, visit, effects));
      return [
        flow.cart,
        clipped(flow.visited.map(visitInWords).join(' '), 36),
        visits.length,
        found.reduce((sum, one) => sum + one, 0),
      ];
    }),
  };
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

const MOST_ROWS = 20;

function firstOf(rows: Table['rows']): Table['rows'] {
  const [{ length } = []] = rows;
  if (rows.length <= MOST_ROWS) return rows;
  const blank = Array.from({ length: length - 1 }, () => '');
  return [...rows.slice(0, MOST_ROWS), [`${rows.length - MOST_ROWS} more`, ...blank]];
}

/** Every visit of any of the flows, in the order of the definition. */
function placesOf(flows: readonly WalkedFlow[], { steps }: FlowDefinition) {
  const visits = flows.flatMap(({ visited }) => visited);
  return Object.entries(steps).flatMap(([step, { node }]) => {
    const names = visits.filter((visit) => visit.step === step).map(visitInWords);
    return [...new Set(names)].toSorted().map((name) => ({ name, node }));
  });
}

function cellOf(flow: WalkedFlow, name: string, effects: readonly FlowEffect[]): string {
  const index = flow.visited.findIndex((visit) => visitInWords(visit) === name);
  const visit = flow.visited[index];
  if (visit === undefined) return '';
  const said = `${index + 1}. ${eventInWords(visit.event_type)}`;
  if (!visitsWithEffect(flow).includes(visit)) return said;
  const found = effectsOfVisit(flow, visit, effects);
  return `${said}, ${found} effect${found === 1 ? '' : 's'}`;
}
