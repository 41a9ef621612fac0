import { z } from 'zod';

const FORM =
  'It has to be name:key, and more of them after commas; a key is 32 bytes in base64, a name is there once';

/** `2026:<32 bytes in base64>,2025:<…>`: keys by name, in the order in which they stand. A message never shows one. */
export const payloadKeys = z
  .string()
  .regex(/^[\w.-]+:[A-Za-z0-9+/]{43}=(,[\w.-]+:[A-Za-z0-9+/]{43}=)*$/, FORM)
  .transform((text) => text.split(',').map(readKey))
  .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, FORM);

function readKey(entry: string) {
  const [id = '', secret = ''] = entry.split(':');
  return { id, secret: Buffer.from(secret, 'base64') };
}
