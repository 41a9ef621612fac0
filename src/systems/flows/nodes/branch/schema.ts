import { z } from 'zod';

/** What a flow knows, as a path: `input.total_cents`, `results.step_2.output.payload.liked`. */
const path = z
  .string()
  .regex(
    /^(input|results)(\.[^.]+)+$/,
    'has to be a path from input or results, such as input.total_cents',
  );
const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const schema = z.union(
  [
    z.strictObject({ path, equals: value }),
    z.strictObject({ path, not_equals: value }),
    z.strictObject({ path, at_least: z.number() }),
    z.strictObject({ path, less_than: z.number() }),
    z.strictObject({ path, exists: z.boolean() }),
  ],
  { error: 'has to have a path, and one of equals, not_equals, at_least, less_than and exists' },
);

export type Config = z.output<typeof schema>;
