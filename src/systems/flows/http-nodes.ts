import { z } from 'zod';
import { ALIASES, type NodeName } from './nodes/names.ts';
import { SCHEMAS } from './nodes/schemas.ts';
import { WAITS } from './nodes/waits.ts';
import { WITH_EFFECT } from './nodes/with-effect.ts';

/** A node, for whoever writes a definition. */
export interface NodeDescription {
  readonly name: string;
  /** As older definitions spell it. */
  readonly aliases: readonly string[];
  /** What it has, in this order: a `wait` for signals or time, an `effect` in the world. */
  readonly phases: readonly ('wait' | 'effect')[];
  /** JSON Schema of its config, as a definition has it: what has a default may be left out. */
  readonly config: unknown;
}

/** Every node that a definition can name. */
export function describeNodes(): readonly NodeDescription[] {
  return (Object.keys(SCHEMAS) as NodeName[]).map((name) => ({
    name,
    aliases: Object.keys(ALIASES).filter((alias) => ALIASES[alias] === name),
    phases: [
      ...(WAITS[name] === undefined ? [] : (['wait'] as const)),
      ...(WITH_EFFECT.has(name) ? (['effect'] as const) : []),
    ],
    config: z.toJSONSchema(SCHEMAS[name], { io: 'input' }),
  }));
}
