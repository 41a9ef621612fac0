/** Every crash of every step of a flow without keys: the control of explored.test.ts. */
import { describe, expect } from 'vitest';
import { createFlows } from '#systems/flows';
import { explore, format, problemsOf } from '#testkit';
import { it } from '#testkit/vitest';
import { SCENARIOS, type Scenario } from './explored-scenarios.ts';
import { naiveIn } from './explored-systems.ts';
import { openWorld } from './explored-world.ts';

describe('a naive flow, when a report is lost or its run is reset', () => {
  it('has two effects in 14 of 24 places: in each where it has one at all', async ({
    temporal,
  }) => {
    await using world = await openWorld(createFlows(temporal));

    const table = await explore<Scenario>({
      temporal,
      scenarios: SCENARIOS,
      windows: ['after the effect', 'reset'],
      ...naiveIn(world),
      cellWithinMs: 60_000,
    });

    expect(format(table)).toBe(WITHOUT_KEYS);
    expect(problemsOf(table)).toContain(
      'a loop / send_message #2 / after the effect: many (2). attempts: 1 failed, 2 completed; ask#2: 2 instead of 1',
    );
  });
});

/** Where there is one, the other company has said no twice, or nothing was done but to look at the definition. */
const WITHOUT_KEYS = `
                                 after     reset
                                 the
                                 effect
answered early  check_flow       one       one
answered early  send_message     many (2)  many (2)
answered early  notify_creator   many (2)  many (2)
answered early  webhook          many (2)  many (2)
answered late   check_flow       one       one
answered late   webhook          one       one
answered late   send_message     many (2)  many (2)
a loop          check_flow       one       one
a loop          send_message     many (2)  many (2)
a loop          webhook          one       one
a loop          send_message #2  many (2)  many (2)
a loop          webhook #2       many (2)  many (2)
`.slice(1, -1);
