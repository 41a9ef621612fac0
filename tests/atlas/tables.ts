import { crashes } from './crashes.ts';
import { elsewhere } from './elsewhere.ts';
import { forgets } from './forgets.ts';
import { keys } from './keys.ts';
import { messages } from './messages.ts';
import { payloads } from './payloads.ts';
import { policies } from './policies.ts';
import type { AtlasTable } from './table.ts';

/** Every table of the atlas, in the order of `tests/chapters/README.md`. */
export const ATLAS_TABLES: readonly AtlasTable[] = [
  policies,
  messages,
  keys,
  crashes,
  payloads,
  forgets,
  elsewhere,
];
