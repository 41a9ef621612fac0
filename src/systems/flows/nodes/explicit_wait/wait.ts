import { SATISFIED, type Wait } from '../node.ts';
import type { Config } from './schema.ts';

export const wait: Wait<Config> = async ({ seconds }, _context, waiting) => {
  await waiting.time(seconds * 1_000);
  return SATISFIED;
};
