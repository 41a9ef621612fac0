import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import {
  ScriptInputError,
  ScriptNotExecutableError,
  ScriptNotStartedError,
} from './script-errors.ts';

export interface StartOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Called in the same breath as the start. */
  onStart(group: number): void;
}

export interface StartedScript {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** The process ID of the script, which is the name of its group and session as well. */
  readonly group: number;
  /** Its own end; others of its group may still run, and hold its output. */
  readonly exit: Promise<{
    readonly exitCode: number | null;
    readonly signal: NodeJS.Signals | null;
  }>;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Starts a file as the leader of a session of its own, with nothing to read on stdin. Its arguments reach it as
 * they are: no shell interprets them.
 *
 * @throws {ScriptNotExecutableError | ScriptInputError | ScriptNotStartedError}
 */
export async function startScript(
  name: string,
  path: string,
  args: readonly string[],
  { env, cwd, onStart }: StartOptions,
): Promise<StartedScript> {
  let child: Child;
  try {
    child = spawn(path, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw whyNotStarted(name, error as NodeJS.ErrnoException, cwd);
  }
  const exit: StartedScript['exit'] = new Promise((resolve) =>
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal })),
  );
  const { pid: group, stdout, stderr } = child;
  if (group === undefined) {
    const error = await new Promise<NodeJS.ErrnoException>((resolve) =>
      child.once('error', resolve),
    );
    throw whyNotStarted(name, error, cwd);
  }
  onStart(group);
  return { stdout, stderr, group, exit };
}

/** Waits until both streams have ended, but not for one that something beyond our reach holds open. */
export async function drain({ stdout, stderr }: StartedScript): Promise<void> {
  const open = [stdout, stderr].filter((stream) => !stream.closed);
  const tooLong = new AbortController();
  await Promise.race([
    Promise.all(open.map((stream) => new Promise((resolve) => stream.once('close', resolve)))),
    delay(DRAIN_MS, undefined, { signal: tooLong.signal }).catch(() => {}),
  ]);
  tooLong.abort();
  // Where this process was held up, the time is over before what has come was read: it is read now.
  await setImmediate();
  for (const stream of open) stream.destroy();
}

const DRAIN_MS = 1_000;

function whyNotStarted(name: string, cause: NodeJS.ErrnoException, cwd: string): Error {
  const { code = cause.message } = cause;
  // The system says the same of a script that is missing and of a folder to run it in.
  if (code === 'ENOENT' && !existsSync(cwd)) {
    return new ScriptNotStartedError(name, 'its working directory is gone', { cause });
  }
  if (['ENOENT', 'EACCES', 'EPERM', 'ENOEXEC', 'ELOOP'].includes(code)) {
    return new ScriptNotExecutableError(name, `the system refuses it (${code})`, { cause });
  }
  if (code === 'E2BIG') {
    return new ScriptInputError(name, 'its arguments and variables are too long', { cause });
  }
  return new ScriptNotStartedError(name, `the system has nothing to spare (${code})`, { cause });
}
