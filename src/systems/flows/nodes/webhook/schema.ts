import { z } from 'zod';

export const schema = z.strictObject({
  /** Where to POST; the one that the worker was given unless told. */
  url: z.url({ protocol: /^https?$/ }).optional(),
  /** Sent beside what the flow knows. */
  body: z.record(z.string(), z.unknown()).default({}),
});

export type Config = z.output<typeof schema>;
