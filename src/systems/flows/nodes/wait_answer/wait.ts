import type { Wait } from '../node.ts';
import type { Config } from './schema.ts';

/** Waits for an answer; an answer ends the timer. One that came before is there already. */
export const wait: Wait<Config> = async ({ signal: name, timeout_seconds }, _context, waiting) => {
  const answer = await waiting.signal(name, timeout_seconds * 1_000);
  if (answer === undefined) return { event: 'condition_timeout', output: {} };
  const { signal_id, payload = null, received_at } = answer;
  return { event: 'condition_satisfied', output: { signal_id, payload, received_at } };
};
