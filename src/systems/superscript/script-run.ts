import { setMaxListeners } from 'node:events';
import type { Readable } from 'node:stream';
import type { ScriptOutcome } from './script.ts';
import { endGroup, signalGroup } from './script-group.ts';
import { endMarked } from './script-marked.ts';
import { type Capture, captureOutput } from './script-output.ts';
import { drain, type StartedScript } from './script-process.ts';

export interface RunToEndOptions {
  readonly timeoutMs: number;
  readonly graceMs?: number;
  /** The first of them that is aborted ends the run. */
  readonly signals: readonly AbortSignal[];
  readonly mark: string;
}

/**
 * From its start to the moment when nothing of it is left. The script's own exit is what counts: what it
 * left in the background is ended then, and does not hold up the answer by holding the output.
 */
export async function runToEnd(
  script: StartedScript,
  options: RunToEndOptions,
): Promise<Omit<ScriptOutcome, 'durationMs'>> {
  const { group } = script;
  const [stdout, stderr] = [captureOutput(), captureOutput()];
  listen(script.stdout, stdout);
  listen(script.stderr, stderr);
  const startedMs = performance.now();
  using stop = stopWhen(group, options);
  const { exitCode, signal } = await script.exit;
  const stopped = stop.settle();
  await endGroup(group, stopped === undefined ? AbortSignal.abort() : stop.graceOver);
  await endMarked(options.mark, { pid: group, ageMs: performance.now() - startedMs });
  await drain(script);
  return { exitCode, signal, stdout: stdout.text(), stderr: stderr.text(), stopped };
}

function listen(stream: Readable, capture: Capture): void {
  stream.on('data', capture.add);
  stream.on('error', () => {}); // It was closed from our side; what had come is kept.
}

interface Stop extends Disposable {
  /** From now on nothing stops it any more. @returns why it was stopped, if it was */
  settle(): ScriptOutcome['stopped'];
  readonly graceOver: AbortSignal;
}

/** SIGTERM to the group for the first reason that comes, SIGKILL after the grace. Later reasons change nothing. */
function stopWhen(group: number, options: RunToEndOptions): Stop {
  const { timeoutMs, graceMs = GRACE_MS, signals } = options;
  const grace = new AbortController();
  let stopped: ScriptOutcome['stopped'];
  let graceTimer: NodeJS.Timeout | undefined;
  const stop = (why: 'timeout' | 'cancelled') => {
    if (stopped !== undefined) return;
    stopped = why;
    signalGroup(group, 'SIGTERM');
    signalGroup(group, 'SIGCONT'); // One that was stopped where it stood hears nothing else.
    graceTimer = setTimeout(() => {
      signalGroup(group, 'SIGKILL');
      grace.abort();
    }, graceMs);
  };
  const cancel = () => stop('cancelled');
  for (const signal of signals) {
    setMaxListeners(0, signal); // Many runs may hear one signal: this is no leak.
    signal.addEventListener('abort', cancel);
  }
  if (signals.some(({ aborted }) => aborted)) cancel();
  const timeout = setTimeout(() => stop('timeout'), Math.min(timeoutMs, LONGEST_TIMER_MS));

  return {
    settle() {
      clearTimeout(timeout);
      for (const signal of signals) signal.removeEventListener('abort', cancel);
      return stopped;
    },
    graceOver: grace.signal,
    [Symbol.dispose]: () => clearTimeout(graceTimer),
  };
}

const GRACE_MS = 2_000;
/** A longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
