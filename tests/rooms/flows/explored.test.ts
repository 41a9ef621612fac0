/** Crashes of every step that has an effect, with an answer and without, told no, in a loop. The atlas has the other windows. */
import { describe, expect } from 'vitest';
import { createFlows, SCHEMAS } from '#systems/flows';
import { explore } from '#testkit';
import { it } from '#testkit/vitest';
import { GIVEN_UP, SCENARIOS, type Scenario } from './explored-scenarios.ts';
import { durableIn } from './explored-systems.ts';
import { openWorld } from './explored-world.ts';

const { 'answered early': early, 'answered late': late, 'a loop': loop } = SCENARIOS;
const [message, notification, webhook] = ['send_message', 'notify_creator', 'webhook'];
/** Each run begins with a look at its definition. It has no effect, whatever becomes of it. */
const check = 'check_flow';

/** What is tried, and what each scenario comes to without a fault, by visit. Of `late` and `loop` a no has no effect. */
const PARTS = [
  {
    name: 'each node that has an effect',
    scenarios: { early },
    windows: ['after the effect', 'asked again after the close', 'reset'],
    calls: [check, message, notification, webhook],
    comesTo: [{ 'ask#1': 1, 'tell#1': 1, 'order_tea#1': 1 }],
    neverRun: [],
  },
  {
    name: 'the other way, and a loop',
    scenarios: { late, loop },
    windows: ['reset'],
    calls: [check, webhook, message, check, message, webhook, `${message} #2`, `${webhook} #2`],
    comesTo: [{ 'remind#1': 1 }, { 'ask#1': 1, 'ask#2': 1, 'review#2': 1 }],
    neverRun: [notification],
  },
] as const;

describe('a flow, whatever goes wrong and wherever', () => {
  it.for(PARTS)(
    'has one effect for each visit of a step: $name',
    async ({ scenarios, windows, ...expected }, { temporal }) => {
      await using world = await openWorld(createFlows(temporal));

      // A busy machine is slow, which is not stuck.
      const table = await explore<Scenario>({
        temporal,
        ...durableIn(world),
        scenarios: { ...scenarios },
        windows,
        cellWithinMs: 60_000,
      });

      expect({ ...table, neverRun: [] }).toHaveOneEffectEverywhere();
      expect(table.neverRun, 'reached in another part').toEqual(expected.neverRun);
      expect(table.rows.map(({ activity }) => activity)).toEqual(expected.calls);
      for (const { activity, cells } of table.rows) {
        expect(cells.length, `cells of ${activity}`).toBe(windows.length);
      }
      expect(table.baselines.map(({ ending, steps }) => ({ ending, steps }))).toEqual(
        expected.comesTo.map((steps) => ({ ending: 'completed', steps })),
      );
    },
  );

  it(`is tried with a step of each of the ${Object.keys(SCHEMAS).length} nodes`, () => {
    const flows = Object.values(SCENARIOS).map(({ definition }) => definition);

    const nodes = flows.flatMap(({ steps }) => Object.values(steps).map(({ node }) => node));

    expect([...new Set(nodes)].toSorted()).toEqual(Object.keys(SCHEMAS).toSorted());
  });
});

// A reset takes signals along. Who resets a flow to before its time was up should leave them out
// (`--reapply-exclude Signal`), or knows that the answer counts now.
describe('a flow that is reset to before its time was up', () => {
  it('takes the answer that came too late for one in time: it goes both ways, one effect a step', async ({
    temporal,
  }) => {
    await using world = await openWorld(createFlows(temporal));

    const table = await explore<Scenario>({
      temporal,
      ...durableIn(world),
      scenarios: { late: GIVEN_UP },
      windows: ['reset'],
    });

    const row = table.rows.find(({ activity }) => activity === message);
    expect(row?.cells, 'the reset').toMatchObject([{ outcome: 'many (1)' }]);
    expect(row?.cells[0]?.says, 'what there is more').toContain('tell#1: 1 instead of 0');
    expect(table.baselines[0]?.steps, 'without the reset').toEqual({ 'remind#1': 1 });
  });
});
