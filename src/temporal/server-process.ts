import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * The processes whose command line contains the text. The SDK keeps the process ID of its server to
 * itself, so the server is given an argument that no other process has.
 */
export async function processesWith(text: string): Promise<number[]> {
  const processes = process.platform === 'linux' ? await fromProc() : await fromPs();
  return processes.filter(({ command }) => command.includes(text)).map(({ pid }) => pid);
}

/** Ends them at once, without a word. @returns how many there were */
export async function killProcessesWith(text: string): Promise<number> {
  const pids = await processesWith(text);
  for (const pid of pids) killProcess(pid);
  return pids.length;
}

/** Ends one at once. One that is gone already is as good. */
export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was gone.
  }
}

/**
 * Ends what is being started, and answers when it is gone. A start that was asked for may not have
 * made its process yet; so this looks until it has seen the process, or the start has failed.
 */
export async function killWhenStarted(text: string, starting: Promise<unknown>): Promise<void> {
  const settled = starting.then(
    () => true,
    () => true,
  );
  for (let wasThere = false; ; ) {
    const isThere = (await killProcessesWith(text)) > 0;
    if (wasThere && !isThere) return;
    wasThere = isThere;
    if (await Promise.race([settled, delay(LOOK_EVERY_MS)])) return;
  }
}

const LOOK_EVERY_MS = 10;

interface Process {
  readonly pid: number;
  readonly command: string;
}

/** Slim containers have no `ps`. */
async function fromProc(): Promise<Process[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  return await Promise.all(pids.map(async (pid) => ({ pid, command: await commandOf(pid) })));
}

async function commandOf(pid: number): Promise<string> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
  } catch {
    return ''; // It ended meanwhile.
  }
}

async function fromPs(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,command=']);
  return stdout.split('\n').map((line) => {
    const [, pid = '', command = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), command };
  });
}
