import { ATLAS_MUTANTS } from './atlas.ts';
import { FLOW_EDGE_MUTANTS } from './flow-edges.ts';
import { FLOW_MUTANTS } from './flows.ts';
import { HTTP_KEY_MUTANTS } from './http-keys.ts';
import { INVENTORY_MUTANTS } from './inventory.ts';
import { KEY_MUTANTS } from './keys.ts';
import type { Mutant } from './mutant.ts';
import { ORDER_EDGE_MUTANTS } from './order-edges.ts';
import { ORDER_MONEY_MUTANTS } from './order-money.ts';
import { ORDER_MUTANTS } from './orders.ts';
import { ROOM_MUTANTS } from './rooms.ts';
import { RUN_MUTANTS } from './runs.ts';
import { SUPERSCRIPT_MUTANTS } from './superscript.ts';
import { TEAM_MUTANTS } from './team.ts';
import { TOOL_MUTANTS } from './tools.ts';
import { WORKSHOP_MUTANTS } from './workshop.ts';

/** Each breaks one promise of the book, at the place where the promise is kept. */
export const MUTANTS: readonly Mutant[] = [
  ...RUN_MUTANTS,
  ...KEY_MUTANTS,
  ...HTTP_KEY_MUTANTS,
  ...TEAM_MUTANTS,
  ...TOOL_MUTANTS,
  ...SUPERSCRIPT_MUTANTS,
  ...INVENTORY_MUTANTS,
  ...ORDER_MUTANTS,
  ...ORDER_MONEY_MUTANTS,
  ...ORDER_EDGE_MUTANTS,
  ...FLOW_MUTANTS,
  ...FLOW_EDGE_MUTANTS,
  ...ROOM_MUTANTS,
  ...ATLAS_MUTANTS,
  ...WORKSHOP_MUTANTS,
];
