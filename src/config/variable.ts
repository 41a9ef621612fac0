import type { z } from 'zod';

/** One environment variable. */
export interface Variable {
  /** Its name in the code. */
  readonly field: string;
  readonly schema: z.ZodType;
  readonly meaning: string;
  /** Shown where there is no default. */
  readonly example: string | undefined;
}

export function variable<const Field extends string, Schema extends z.ZodType>(
  field: Field,
  schema: Schema,
  meaning: string,
  example?: string,
) {
  return { field, schema, meaning, example };
}
