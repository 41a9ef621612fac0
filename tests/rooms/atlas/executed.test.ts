/** Tables of the atlas: what they say is what this server does. Chapter 35 and 36 tell what to make of them. */
import { describe, expect, inject } from 'vitest';
import { it } from '#testkit/vitest';
import { readCells } from '../../atlas/cells.ts';
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

function withoutRunIds({ runIds: _evidence, ...cell }: AtlasCell) {
  return cell;
}
