import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import { createScripts } from '#systems/superscript';

/** Scripts that misbehave. Those that start others write the process IDs to `$PIDS`. */
export const MISBEHAVING = fileURLToPath(new URL('../../../fixtures/misbehaving', import.meta.url));

export function misbehavingScripts(environment: NodeJS.ProcessEnv = process.env) {
  return createScripts({
    directory: MISBEHAVING,
    names: NAMES,
    environment,
  });
}

const NAMES =
  'babbles.sh cleans-up.sh deaf.sh dies-by.sh floods.sh hangs.sh leaves-child.sh leaves-group.sh says-all.sh stops-itself.sh'.split(
    ' ',
  );

/** A file in which scripts write who they are, in a folder that goes with the test. */
export async function pidFile() {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-pids-'));
  const path = join(folder, 'pids');
  const pids = async () =>
    (await readFile(path, 'utf8').catch(() => '')).split('\n').filter(Boolean).map(Number);
  return {
    folder,
    env: { PIDS: path },
    pids,
    /** Until that many have written. */
    started: (count: number) =>
      vi.waitFor(async () => expect(await pids(), 'processes that started').toHaveLength(count), {
        timeout: 20_000,
        interval: 5,
      }),
    living: async () => (await pids()).filter(isAlive),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** One that waits for init to take note of its end is dead. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && !existsSync('/proc/self');
  }
}
