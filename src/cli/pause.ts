import { once } from 'node:events';

/** Waits for Enter between two acts. After Ctrl-D nobody can press it any more, and nothing is waited for. */
export async function untilEnter(signal: AbortSignal): Promise<void> {
  const { stdin } = process;
  if (stdin.readableEnded) return;
  process.stderr.write('Press Enter for the next act ');
  // Who has paused it has to resume it: a new listener alone does not.
  stdin.resume();
  await Promise.race([once(stdin, 'data', { signal }), once(stdin, 'end', { signal })]);
  stdin.pause();
}
