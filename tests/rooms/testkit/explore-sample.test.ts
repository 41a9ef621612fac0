import { describe, expect } from 'vitest';
import { createShop } from '#fixtures/workers/explored-shop';
import { explore, format } from '#testkit';
import { it } from '#testkit/vitest';

const WINDOWS = ['before the effect', 'after the effect', 'reset'] as const;
const STEPS = ['reserve', 'charge', 'pack', 'ship', 'notify'];

describe('a sample of a table', () => {
  it('has each window and each activity about as often as the others, and tells what it left out', async ({
    temporal,
  }) => {
    const table = await explore({
      temporal,
      scenarios: { order: 'FiveStepsWorkflow' },
      ...createShop(),
      windows: WINDOWS,
      sample: 6,
    });

    expect(table.rows.map(({ activity }) => activity)).toEqual(STEPS);
    const tries = table.rows.map(({ cells }) => cells.length);
    expect(
      tries.toSorted((a, b) => a - b),
      'cells of each activity',
    ).toEqual([1, 1, 1, 1, 2]);
    const windows = table.rows.flatMap(({ cells }) => cells.map(({ window }) => window));
    expect(windows.toSorted(), 'each window twice').toEqual([...WINDOWS, ...WINDOWS].toSorted());
    expect(table.leftOut, 'trials that were left out').toBe(5 * 3 - 6);
    expect(format(table).split('\n').at(-1)).toBe(
      'A sample: what is blank was not tried, 9 trials',
    );
  });

  it('is the whole table where that is no larger', async ({ temporal }) => {
    const table = await explore({
      temporal,
      scenarios: { order: 'FiveStepsWorkflow' },
      ...createShop(),
      windows: ['evicted'],
      sample: 2,
    });

    expect(table.leftOut).toBe(0);
    expect(table.rows.map(({ cells }) => cells.length)).toEqual([1, 1, 1, 1, 1]);
    expect(format(table)).not.toContain('sample');
  });
});
