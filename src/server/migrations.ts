import type { Migration } from '#database';
import { IDEMPOTENCY_MIGRATIONS } from '#idempotency';
import { FEE_MIGRATIONS } from '#systems/fees';
import { FLOW_MIGRATIONS } from '#systems/flows';
import { INVENTORY_MIGRATIONS } from '#systems/inventory';
import { ORDER_MIGRATIONS } from '#systems/orders';

/** Every table of the house, in the order in which they are made. A new room's list goes here. */
export const HOUSE_MIGRATIONS: readonly Migration[] = [
  ...IDEMPOTENCY_MIGRATIONS,
  ...FEE_MIGRATIONS,
  ...INVENTORY_MIGRATIONS,
  ...ORDER_MIGRATIONS,
  ...FLOW_MIGRATIONS,
];
