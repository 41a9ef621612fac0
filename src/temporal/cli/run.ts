import { type ChildProcess, spawn } from 'node:child_process';

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /** Hears what the command says on stderr while it runs. */
  readonly onStderr?: (text: string) => void;
}

/**
 * Runs a command in a process group of its own, so that all of it can be ended: `go` has a compiler
 * for each core. The group ends with the signal, with the deadline, and with this process, however
 * this process ends.
 *
 * @throws {CommandFailedError} when it cannot be run, or ends with another exit code than 0
 * @throws the signal's reason, once the group is gone
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<{ stdout: string; stderr: string }> {
  const { env, signal, timeoutMs } = options;
  signal?.throwIfAborted();
  const deadline = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const child = spawn('/bin/sh', ['-c', GUARDED, 'sh', command, ...args], { env, detached: true });
  const output = collect(child, options.onStderr);

  const end = () => endGroup(child);
  const reasons = [signal, deadline].filter((reason) => reason !== undefined);
  for (const reason of reasons) reason.addEventListener('abort', end, { once: true });
  const code = await closed(child).finally(() => {
    for (const reason of reasons) reason.removeEventListener('abort', end);
  });

  signal?.throwIfAborted();
  if (deadline?.aborted) throw new CommandFailedError(`no end after ${timeoutMs} ms`, output);
  if (code !== 0) throw new CommandFailedError(`exit code ${code}`, output);
  return output;
}

/** A command did not end well. */
export class CommandFailedError extends Error {
  override readonly name = 'CommandFailedError';
  readonly how: string;
  readonly stderr: string;

  constructor(how: string, { stderr }: { readonly stderr: string }) {
    super([how, stderr.trim()].filter(Boolean).join(': '));
    this.how = how;
    this.stderr = stderr;
  }
}

/**
 * A shell beside the command waits for the end of our pipe, which comes when this process is gone,
 * even by SIGKILL, and then ends the group. It uses built-ins alone, so PATH does not matter.
 */
const GUARDED = `exec 3<&0
(read -r _ <&3; kill -KILL 0) >/dev/null 2>&1 &
"$@" 3<&- </dev/null
code=$?
kill "$!" 2>/dev/null
exit "$code"`;

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group was gone already.
  }
}

function collect(child: ChildProcess, onStderr?: (text: string) => void) {
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
    onStderr?.(text);
  });
  return output;
}

function closed(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}
