/** Crashes of the activities of a batch of three payments. Its scripts are without bash: those have a table of their own. */
import { describe, expect } from 'vitest';
import { explore } from '#testkit';
import { it } from '#testkit/vitest';
import { batchIn } from './explored-systems.ts';
import { createInstantScripts } from './instant-scripts.ts';

// The atlas has the other windows.
describe('a batch of three payments, whatever goes wrong and wherever', () => {
  it('has one effect a step and an order: two payments of its own, and one that it joins', async ({
    temporal,
  }) => {
    const table = await explore({
      temporal,
      scenarios: { 'a batch of three': {} },
      ...batchIn(createInstantScripts()),
      windows: ['after the effect', 'reset'],
    });

    expect(table).toHaveOneEffectEverywhere();
    // Two activities a payment, and two of the batch itself.
    expect(table.rows.map(({ cells }) => cells.length)).toEqual(Array(3 * 2 + 2).fill(2));
    const once = { 'collect 1': 1, 'confirm 1': 1, 'collect 2': 1, 'confirm 2': 1 };
    expect(table.baselines).toMatchObject([
      { ending: 'completed', steps: { ...once, 'collect 3': 1, 'confirm 3': 1 } },
    ]);
  });
});
