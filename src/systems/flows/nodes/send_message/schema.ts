import { z } from 'zod';
import { MAX_RECIPIENT_LENGTH } from '../recipient.ts';
import { NOT_STORABLE, STORABLE } from '../storable.ts';

export const schema = z.strictObject({
  /** Whom to send it to; the flow's `input.customer_id` unless told. */
  to: z.string().min(1).max(MAX_RECIPIENT_LENGTH).regex(STORABLE, NOT_STORABLE).optional(),
  text: z
    .string()
    .min(1)
    .max(10_000)
    .regex(STORABLE, NOT_STORABLE)
    .default('We have kept your cart.'),
});

export type Config = z.output<typeof schema>;
