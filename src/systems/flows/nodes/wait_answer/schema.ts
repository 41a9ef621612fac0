import { z } from 'zod';

export const schema = z.strictObject({
  /** How long the flow waits, in seconds, from a tenth to thirty days. */
  timeout_seconds: z.number().min(0.1).max(2_592_000).default(60),
  signal: z.literal('client-answered').default('client-answered'),
});

export type Config = z.output<typeof schema>;
