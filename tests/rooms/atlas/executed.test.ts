/** Tables of the atlas: what they say is what this server does. Chapter 35 and 36 tell what to make of them. */
import { describe, expect, inject } from 'vitest';
import { it } from '#testkit/vitest';
import { readCells } from '../../atlas/cells.ts';
import { PATIENT } from '../../atlas/crash-how.ts';
import { CRASH_PLANS } from '../../atlas/crash-plans.ts';
import { crashCellsOf, crashes } from '../../atlas/crashes.ts';
import { askAfter, forgets } from '../../atlas/forgets.ts';
import { payloads } from '../../atlas/payloads.ts';
import { policies } from '../../atlas/policies.ts';
import type { AtlasCell } from '../../atlas/table.ts';

const CHEAP = ['continue-as-new', 'another namespace'];

describe('the atlas', () => {
  it('says what becomes of a workflow ID that is asked for again, in all of its 585 cells', async ({
    temporal,
  }) => {
    const cells = await policies.execute({ temporal, testServer: inject('testServer') });

    expect(cells.map(withoutRunIds)).toEqual(readCells(policies).map(withoutRunIds));
    expect(cells.length, 'cells').toBe((3 * 5 * 4 + 5) * 9);
  });

  it('says who notices another payload, in all of its 16 cells: Temporal never, ours always', async ({
    temporal,
  }) => {
    const cells = await payloads.execute({ temporal, testServer: inject('testServer') });

    expect(cells.map(withoutRunIds)).toEqual(readCells(payloads).map(withoutRunIds));
    const noticing = cells.filter(({ same, other }) => same !== other);
    expect(noticing).toEqual(cells.filter(({ by }) => by === 'ours'));
    expect(noticing.length, 'cells of ours').toBe(2 + 2 + 1 + 1);
  });

  it.for(CHEAP)('says what the server forgets by %s', async (event, { temporal }) => {
    const cells = await askAfter({ temporal, testServer: inject('testServer') }, event);

    const said = readCells(forgets).filter((cell) => cell.event === event);
    expect(cells.map(withoutRunIds)).toEqual(said.map(withoutRunIds));
    expect(cells.length, 'cells').toBe(3);
  });
});

/** The chapters and the rooms try their systems with the keys, and here is what they would be without. */
describe('the atlas, in a sample of its crashes', () => {
  const naive = CRASH_PLANS.filter(({ how }) => how === 'naive');

  it.for(naive)(
    'says where a crash breaks $system without its keys',
    async (plan, { temporal }) => {
      const cells = crashCellsOf(plan, await plan.explored(temporal, { ...PATIENT, sample: 15 }));

      const said = readCells(crashes).map(withoutRunIds);
      expect(said).toEqual(expect.arrayContaining(cells.map(withoutRunIds)));
      const broken = cells.filter(({ outcome }) => outcome !== 'one');
      expect(broken.length, 'cells that are broken').toBeGreaterThan(2);
    },
  );
});

function withoutRunIds({ runIds: _evidence, ...cell }: AtlasCell) {
  return cell;
}
