import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { MARK } from './script-environment.ts';

/** A fork that goes on forking is caught in one of these rounds; what it makes after that is beyond us. */
const ROUNDS = 20;
const BETWEEN_ROUNDS_MS = 2;
/** In a longer run the system may have gone through all its process IDs. */
const PIDS_ARE_IN_ORDER_MS = 5_000;

/**
 * Ends the processes that descend from a script and have left its process group (`setsid`), by the mark in their
 * environment.
 *
 * Trap: one that has left the group *and* wiped its environment is not found; nor is any on a system without `/proc`
 * (macOS), where others' environments cannot be read.
 */
export async function endMarked(mark: string, root: { pid: number; ageMs: number }): Promise<void> {
  const since = root.ageMs < PIDS_ARE_IN_ORDER_MS ? root.pid : undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { marked, isSure } = lookFor(mark, since);
    for (const pid of marked) kill(pid);
    if (marked.length === 0 && (isSure || round >= UNSURE_ROUNDS)) return;
    await delay(BETWEEN_ROUNDS_MS);
  }
}

/** A process that has ended, or is of the kernel, stays without an environment. */
const UNSURE_ROUNDS = 3;

interface Look {
  readonly marked: readonly number[];
  /** False when a process showed no environment: it may have been amid `exec`. */
  readonly isSure: boolean;
}

/** Reads in one go, for the list ages fast: some 15 µs for each process that began after the script. */
function lookFor(mark: string, since: number | undefined): Look {
  const text = Buffer.from(`${MARK}=${mark}\0`);
  const environments = pidsSince(since).map((pid) => ({ pid, environment: environmentOf(pid) }));
  return {
    marked: environments
      .filter(({ environment }) => environment?.includes(text))
      .map(({ pid }) => pid),
    isSure: environments.every(({ environment }) => environment?.length !== 0),
  };
}

/**
 * The processes of the system; those that began after another, where that is told.
 *
 * Process IDs are given out in ascending order and begin anew at the top: so the young ones are those from `since` to the last.
 *
 * @returns none where there is no `/proc`
 */
export function pidsSince(since: number | undefined): number[] {
  try {
    const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
    if (since === undefined) return pids;
    const last = Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1));
    return pids.filter((pid) =>
      since <= last ? since < pid && pid <= last : since < pid || pid <= last,
    );
  } catch {
    return []; // No /proc.
  }
}

/** @returns nothing for a process that is gone, or is somebody else's */
function environmentOf(pid: number): Buffer | undefined {
  try {
    return readFileSync(`/proc/${pid}/environ`);
  } catch {
    return undefined;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was gone.
  }
}
