import { openPlace } from '#fixtures/superscript/place';
import { type ExploredTable, explore, type Temporal } from '#testkit';
import { batchIn, durableIn, naiveIn } from '../rooms/superscript/explored-systems.ts';
import { createInstantScripts } from '../rooms/superscript/instant-scripts.ts';
import type { CrashHow } from './crash-how.ts';

const PAYMENT = { happy: {} };
const BATCH = { 'a batch of three': {} };

export async function naivePayments(temporal: Temporal, how: CrashHow): Promise<ExploredTable> {
  await using place = await openPlace();
  return await explore({ temporal, scenarios: PAYMENT, ...naiveIn(place), ...how });
}

export async function durablePayments(temporal: Temporal, how: CrashHow): Promise<ExploredTable> {
  await using place = await openPlace();
  return await explore({ temporal, scenarios: PAYMENT, ...durableIn(place), ...how });
}

/** Its scripts are without bash: a payment has a table of its own. */
export function durableBatch(temporal: Temporal, how: CrashHow): Promise<ExploredTable> {
  const batch = batchIn(createInstantScripts());
  return explore({ temporal, scenarios: BATCH, ...batch, ...how });
}
