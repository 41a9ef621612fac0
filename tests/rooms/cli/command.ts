import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { plainJs } from '#fixtures/plain-js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MAIN = fileURLToPath(await plainJs(new URL('../../../src/cli/main.ts', import.meta.url)));
const LEFT_OUT = new Set([
  'FORCE_COLOR',
  'NO_COLOR',
  'TEMPORAL_ADDRESS',
  'TEMPORAL_DEBUG',
  'DATABASE_URL',
  'PORT',
  'HOST',
]);

/** How a command ended, and what it said. */
export interface Finished {
  readonly exitCode: number | null;
  /** The signal that killed it, where it did not end by itself. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of this project as a person starts it: a process of its own, on pipes. */
export interface Command extends AsyncDisposable {
  readonly finished: Promise<Finished>;
  /** Waits until it has said this, and gives the match. Fails when it ends without saying it. */
  said(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray>;
  /** Reads no more of it, as `| head -1` does when it has its line. */
  stopReading(stream: 'stdout' | 'stderr'): void;
  kill(signal: NodeJS.Signals): void;
  /** The processes that it has started and that are alive, theirs included. */
  family(): readonly number[];
}

/** Starts `press-twice …`, made of its source. Disposed of, it is killed with all that it started. */
export function press(args: readonly string[], env: Record<string, string> = {}): Command {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: ROOT,
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: collected(child, 'stdout'), stderr: collected(child, 'stderr') };
  const finished = once(child, 'close').then(([exitCode, signal]) => ({
    exitCode,
    signal,
    stdout: text.stdout(),
    stderr: text.stderr(),
  }));

  return {
    finished,
    said: (stream, pattern) => saying(child, stream, text[stream], pattern),
    stopReading: (stream) => void child[stream].destroy(),
    kill: (signal) => void child.kill(signal),
    family: () => descendants(child.pid ?? 0),
    async [Symbol.asyncDispose]() {
      for (const pid of [...descendants(child.pid ?? 0), child.pid ?? 0]) end(pid);
      await finished;
    },
  };
}

/** Runs a command to its end. */
export async function run(args: readonly string[], env?: Record<string, string>) {
  await using command = press(args, env);
  return await command.finished;
}

/** Which of these processes are alive. One that is dead and was not yet buried by its parent is not. */
export function alive(pids: readonly number[]): readonly number[] {
  const found = new Set(processes().map(({ pid }) => pid));
  return pids.filter((pid) => found.has(pid));
}

/** The processes that this one has started and that are alive, theirs included. */
export function familyOf(pid: number): readonly number[] {
  return descendants(pid);
}

/** The words that a process was started with. */
export function commandLineOf(pid: number): string {
  if (process.platform !== 'linux') {
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' });
  }
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
}

/** The machine's environment without what would change a command's output or its server. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !LEFT_OUT.has(name)));
}

function collected(child: ChildProcess, stream: 'stdout' | 'stderr'): () => string {
  let text = '';
  child[stream]?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return () => text;
}

function saying(
  child: ChildProcess,
  stream: 'stdout' | 'stderr',
  text: () => string,
  pattern: RegExp,
): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const match = pattern.exec(text());
      if (match) resolve(match);
    };
    child[stream]?.on('data', look);
    child.once('close', () => reject(new Error(`It ended without ${pattern}: ${text()}`)));
    look();
  });
}

function descendants(root: number): readonly number[] {
  const all = processes();
  const below = (parent: number): number[] =>
    all.filter(({ parent: of }) => of === parent).flatMap(({ pid }) => [pid, ...below(pid)]);
  return below(root);
}

/** Those that have ended and wait for their parent to notice (Z) are left out. */
function processes(): readonly { readonly pid: number; readonly parent: number }[] {
  const rows = process.platform === 'linux' ? rowsOfProc() : rowsOfPs();
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, state = 'Z']) => !state.startsWith('Z'))
    .map(([pid, , parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}

/** Slim containers have no `ps`. The name in brackets may hold anything. */
function rowsOfProc(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/\(.*\)/s, '');
      } catch {
        return ''; // It ended meanwhile.
      }
    });
}

function rowsOfPs(): readonly string[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,stat=,ppid='], { encoding: 'utf8' }).split('\n');
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was gone.
  }
}
