import { setTimeout } from 'node:timers/promises';

const LOOK_EVERY_MS = 100;

/** Waits for the work, looks now and then meanwhile, and a last time when it is done. */
export async function whileRunning<T>(work: Promise<T>, look: () => Promise<void>): Promise<T> {
  const over = work.then(
    () => true,
    () => true,
  );
  for (let ended = false; !ended; ) {
    ended = await Promise.race([over, setTimeout(LOOK_EVERY_MS, false)]);
    await look();
  }
  return await work;
}
