import { EventEmitter, once } from 'node:events';
import { v4 as uuid } from 'uuid';
import { vi } from 'vitest';
import { runCli } from '#cli';

/** A command line that runs in this process: as quick as a test wants it, and on the same terms. */
export interface CommandHere {
  readonly finished: Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** Waits until it has said this, on stdout unless told, and gives the match. */
  said(pattern: RegExp, stream?: 'stdout' | 'stderr'): Promise<RegExpExecArray>;
}

/** Starts a command line whose words are caught, under an environment without this machine's server, port and colours. */
export function pressHere(args: readonly string[], env: Record<string, string> = {}): CommandHere {
  const text = { stdout: '', stderr: '' };
  const heard = new EventEmitter();
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      text[stream] += String(chunk);
      heard.emit('said');
      return true;
    }),
  );
  for (const name of ['TEMPORAL_ADDRESS', 'DATABASE_URL', 'HOST', 'PORT', 'FORCE_COLOR'])
    vi.stubEnv(name, env[name]);
  // Whoever keeps its orders in memory is to meet nobody else on the shared server.
  vi.stubEnv('ORDER_TASK_QUEUE', `orders-${uuid()}`);
  vi.stubEnv('FLOW_TASK_QUEUE', `flows-${uuid()}`);
  // The Runtime is this process's, so what it would log it would also log in the tests that come after.
  vi.stubEnv('LOG_LEVEL', 'silent');
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);

  const finished = runCli(['node', 'press-twice', ...args])
    .then((exitCode) => ({ exitCode, ...text }))
    .finally(() => {
      for (const spy of spies) spy.mockRestore();
      vi.unstubAllEnvs();
    });
  return {
    finished,
    said: (pattern, stream = 'stdout') => saying(heard, () => text[stream], pattern),
  };
}

/** Runs it to its end. */
export function runHere(args: readonly string[], env?: Record<string, string>) {
  return pressHere(args, env).finished;
}

async function saying(heard: EventEmitter, text: () => string, pattern: RegExp) {
  let match = pattern.exec(text());
  while (match === null) {
    await once(heard, 'said');
    match = pattern.exec(text());
  }
  return match;
}
