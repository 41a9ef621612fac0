import { startPostgres } from '#database/server';
import { openSupplier } from '#fixtures/inventory/supplier';
import { IDEMPOTENCY_MIGRATIONS } from '#idempotency';
import { createFlows } from '#systems/flows';
import { createPostgresStock, INVENTORY_MIGRATIONS } from '#systems/inventory';
import { createOrders, orderWorkflowId } from '#systems/orders';
import { type ExploredTable, explore, type Temporal } from '#testkit';
import { createTestDatabase } from '#testkit/test-database';
import { SCENARIOS as FLOWS } from '../rooms/flows/explored-scenarios.ts';
import * as flows from '../rooms/flows/explored-systems.ts';
import { openWorld as openFlows } from '../rooms/flows/explored-world.ts';
import * as inventory from '../rooms/inventory/explored-systems.ts';
import * as orders from '../rooms/orders/explored-systems.ts';
import { SCENARIOS as ORDERS, openWorld as openOrders } from '../rooms/orders/explored-world.ts';
import { durableFees, naiveFees } from './crash-fees.ts';
import type { CrashHow } from './crash-how.ts';
import { durableBatch, durablePayments, naivePayments } from './crash-superscript.ts';

/** One system, explored without its keys or with them. */
export interface CrashPlan {
  readonly system: string;
  readonly how: 'naive' | 'durable';
  readonly explored: (temporal: Temporal, how: CrashHow) => Promise<ExploredTable>;
}

const { happy, 'fulfilment fails': fails } = ORDERS;

/** The main scenarios of each system, in all windows. */
export const CRASH_PLANS: readonly CrashPlan[] = [
  { system: 'fees', how: 'naive', explored: naiveFees },
  { system: 'fees', how: 'durable', explored: durableFees },
  { system: 'superscript', how: 'naive', explored: naivePayments },
  { system: 'superscript', how: 'durable', explored: durablePayments },
  { system: 'superscript', how: 'durable', explored: durableBatch },
  {
    system: 'inventory',
    how: 'naive',
    async explored(temporal, how) {
      await using shelf = await inventory.openShelf();
      await using supplier = await openSupplier({ naive: true });
      const { 'wants too much': _refused, ...scenarios } = inventory.SCENARIOS;
      const system = inventory.naiveIn(shelf, supplier);
      return await explore({ temporal, scenarios, ...system, ...how });
    },
  },
  {
    system: 'inventory',
    how: 'durable',
    async explored(temporal, how) {
      await using postgres = await startPostgres();
      const migrations = [...IDEMPOTENCY_MIGRATIONS, ...INVENTORY_MIGRATIONS];
      await using found = await createTestDatabase({ url: postgres.url, migrations });
      await using supplier = await openSupplier();
      const system = inventory.durableIn(createPostgresStock(found), supplier);
      const scenarios = inventory.SCENARIOS;
      return await explore({ temporal, scenarios, ...system, ...how });
    },
  },
  {
    system: 'orders',
    how: 'naive',
    async explored(temporal, how) {
      const { workflow } = temporal.client;
      const cancel = async (key: string) =>
        void (await workflow.getHandle(orderWorkflowId(key)).cancel());
      await using world = await openOrders({ naive: true, cancel });
      return await explore({
        temporal,
        scenarios: { happy, 'fulfilment fails': fails },
        ...orders.naiveIn(world),
        ...how,
      });
    },
  },
  {
    system: 'orders',
    how: 'durable',
    async explored(temporal, how) {
      const placed = createOrders(temporal);
      const cancel = (key: string) => placed.cancel(key, 'not any more');
      await using world = await openOrders({ cancel });
      return await explore({
        temporal,
        scenarios: ORDERS,
        ...orders.durableIn(world),
        ...how,
      });
    },
  },
  {
    system: 'flows',
    how: 'naive',
    async explored(temporal, how) {
      await using world = await openFlows(createFlows(temporal));
      const system = flows.naiveIn(world);
      return await explore({
        temporal,
        scenarios: FLOWS,
        ...system,
        ...how,
      });
    },
  },
  {
    system: 'flows',
    how: 'durable',
    async explored(temporal, how) {
      await using world = await openFlows(createFlows(temporal));
      const system = flows.durableIn(world);
      return await explore({
        temporal,
        scenarios: FLOWS,
        ...system,
        ...how,
      });
    },
  },
];
