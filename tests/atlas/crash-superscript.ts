import { openPlace } from '#fixtures/superscript/place';
import { type ExploredTable, type ExploreOptions, explore, type Temporal } from '#testkit';
import { batchIn, durableIn, naiveIn } from '../rooms/superscript/explored-systems.ts';
import { createInstantScripts } from '../rooms/superscript/instant-scripts.ts';

type Sampled = Pick<ExploreOptions<object>, 'sample'>;

const PAYMENT = { scenarios: { happy: {} }, cellWithinMs: 60_000 };

export async function naivePayments(temporal: Temporal, how: Sampled = {}): Promise<ExploredTable> {
  await using place = await openPlace();
  return await explore({ temporal, ...PAYMENT, ...naiveIn(place), ...how });
}

export async function durablePayments(
  temporal: Temporal,
  how: Sampled = {},
): Promise<ExploredTable> {
  await using place = await openPlace();
  return await explore({ temporal, ...PAYMENT, ...durableIn(place), ...how });
}

/** Its scripts are without bash: a payment has a table of its own. */
export function durableBatch(temporal: Temporal, how: Sampled = {}): Promise<ExploredTable> {
  const scenarios = { 'a batch of three': {} };
  const batch = batchIn(createInstantScripts());
  return explore({ temporal, ...PAYMENT, scenarios, ...batch, ...how });
}
