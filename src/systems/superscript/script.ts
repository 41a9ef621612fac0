import { setMaxListeners } from 'node:events';
import { environmentOf, MARK } from './script-environment.ts';
import { ScriptInputError } from './script-errors.ts';
import { findScript } from './script-file.ts';
import { createPlace, type Place } from './script-place.ts';
import { startScript } from './script-process.ts';
import { runToEnd } from './script-run.ts';

/** Runs scripts of one folder. Disposing ends every script that still runs, and waits for its end. */
export interface Scripts extends AsyncDisposable {
  /**
   * Runs a script to its end. When it answers, nothing that the script has started runs any more: not what
   * it left in the background, nor (on Linux) what left its group.
   *
   * Trap: an outcome is no success; ask `failureOf`.
   *
   * @throws {ScriptNotAllowedError | ScriptMissingError | ScriptNotExecutableError | ScriptInputError | ScriptNotStartedError}
   *   where nothing was started
   */
  run(name: string, args: readonly string[], options: RunScriptOptions): Promise<ScriptOutcome>;
}

export interface RunScriptOptions {
  /** Added to what the script sees of our environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** From SIGTERM to SIGKILL, when it is ended before its time. 2 s unless told. */
  readonly graceMs?: number;
  /** Cancels the run. Where it is aborted already, nothing is started. */
  readonly signal?: AbortSignal;
}

export interface ScriptOutcome {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** At most 64 KiB of UTF-8: the first and the last of it, with a mark between them. */
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** Why it was ended before its time, if it was: then it is no success, whatever its exit code. */
  readonly stopped: 'timeout' | 'cancelled' | undefined;
}

export interface ScriptsOptions {
  readonly directory: string;
  /** The scripts that may be run. A helper that these source has no place here. */
  readonly names: readonly string[];
  /** `process.env` unless told. A script sees of it what is harmless (`PATH`, `HOME`, `LC_*` …), and `pass`. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly pass?: readonly (string | RegExp)[];
}

/**
 * Scripts as processes: no shell of ours reads an argument, each has a working directory of its own, which
 * is gone afterwards, and nothing to read on stdin. If we are killed, a watcher ends them.
 */
export function createScripts(options: ScriptsOptions): Scripts {
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const running = new Set<Promise<unknown>>();
  const place = createPlace();
  const names = new Set(options.names);

  return {
    async run(name, args, run) {
      const done = runOne({ ...options, names }, place, name, args, {
        ...run,
        signals: [closing.signal, ...(run.signal ? [run.signal] : [])],
      });
      running.add(done);
      return await done.finally(() => running.delete(done));
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.allSettled(running);
      await place[Symbol.asyncDispose]();
    },
  };
}

async function runOne(
  options: Omit<ScriptsOptions, 'names'> & { readonly names: ReadonlySet<string> },
  place: Place,
  name: string,
  args: readonly string[],
  run: RunScriptOptions & { readonly signals: readonly AbortSignal[] },
): Promise<ScriptOutcome> {
  const { environment = process.env, pass = [] } = options;
  const path = await findScript(options.directory, options.names, name);
  const env = environmentOf(name, { environment, pass, env: run.env ?? {} });
  if (args.some((arg) => arg.includes('\0'))) {
    throw new ScriptInputError(name, 'an argument has a NUL, which no process can be given');
  }
  if (run.signals.some(({ aborted }) => aborted)) return NOTHING_STARTED;
  await using room = await place.open(name);
  const { cwd, mark, watcher } = room;
  if (run.signals.some(({ aborted }) => aborted)) return NOTHING_STARTED;

  const began = performance.now();
  const started = await startScript(name, path, args, {
    cwd,
    env: { ...env, [MARK]: mark },
    onStart: watcher.began,
  });
  const ended = await runToEnd(started, { ...run, mark }).finally(() =>
    watcher.ended(started.group),
  );
  return { ...ended, durationMs: performance.now() - began };
}

const NOTHING_STARTED: ScriptOutcome = {
  exitCode: null,
  signal: null,
  stdout: '',
  stderr: '',
  durationMs: 0,
  stopped: 'cancelled',
};
