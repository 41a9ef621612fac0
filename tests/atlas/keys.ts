import { effectsOf, runAllCells, traces } from '#fixtures/keys/cell';
import { EVENTS } from '#fixtures/keys/events';
import { createRecorder } from '#testkit';
import { table } from '../house/render/region.ts';
import { groupedBy } from './grouped.ts';
import type { AtlasCell, AtlasTable } from './table.ts';

interface KeyCell extends AtlasCell {
  readonly key: string;
  readonly event: string;
  /** Of one intent. */
  readonly effects: number;
  readonly attempts: number;
  /** How the runs failed that did. */
  readonly failures: readonly string[];
}

/** The table of chapter 6, whose experiment it is. */
export const keys: AtlasTable<KeyCell> = {
  name: 'keys',
  title: 'Keys: what an effect is stored under, and what the key survives',
  async execute({ temporal }) {
    const recorder = createRecorder('keys');
    const cells = await runAllCells(temporal, recorder);
    return cells.map((cell) => ({
      key: cell.key,
      event: cell.event.event,
      effects: effectsOf(cell),
      failures: cell.failures,
      ...traces(cell, recorder),
    }));
  },
  render: (cells) =>
    table(
      ['key', ...EVENTS.map(({ event }) => event)],
      groupedBy(cells, ({ key }) => key).map((ofKey) => [
        // In Markdown `<workflow ID>` would be a tag.
        ofKey[0]?.key.replaceAll('<', '&lt;') ?? '',
        ...ofKey.map(({ effects }) => String(effects)),
      ]),
    ),
};
