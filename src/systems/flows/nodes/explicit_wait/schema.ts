import { z } from 'zod';

export const schema = z.strictObject({
  /** How long, in seconds: up to thirty days. */
  seconds: z.number().min(0).max(2_592_000).default(15),
});

export type Config = z.output<typeof schema>;
