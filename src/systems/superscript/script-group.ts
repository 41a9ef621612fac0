import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { pidsSince } from './script-marked.ts';

/** @returns whether there was anybody in the group, dead or alive */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    // Somebody is there, and belongs to another user by now.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Lets the rest of a group end by itself until the limit, and then ends it. */
export async function endGroup(group: number, limit: AbortSignal): Promise<void> {
  let waitMs = FIRST_LOOK_MS;
  while (!limit.aborted && signalGroup(group, 0) && !hasOnlyDead(group)) {
    await delay(waitMs, undefined, { signal: limit }).catch(() => {});
    // Each look reads of all processes of the system, and a grace may be a minute.
    waitMs = Math.min(waitMs * 2, LOOK_EVERY_MS);
  }
  signalGroup(group, 'SIGKILL');
}

const FIRST_LOOK_MS = 5;
const LOOK_EVERY_MS = 250;

/** In a container the first process may take its time to note that an orphan has ended, or may never do it. */
function hasOnlyDead(group: number): boolean {
  const states = pidsSince(undefined)
    .map(stateOf)
    .filter((state) => state?.group === group);
  return states.length > 0 && states.every((state) => state?.isDead);
}

/** The name before it may have any character: what counts begins after its last bracket. */
function stateOf(pid: number) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { isDead: 'ZX'.includes(state), group: Number(group) };
  } catch {
    return undefined; // It is gone.
  }
}
