import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { PoolOptions, PoolWorker } from 'vitest/node';
import { distDir } from 'vitest/node';

/** Processes that run test files, and one more that has loaded already what costs most of its start. */
export interface WarmWorkers extends AsyncDisposable {
  /** For Vitest: its `pool.createPoolWorker`. */
  readonly create: (options: PoolOptions) => PoolWorker;
  /** Starts those that will be asked for next, so that they load while nobody waits. */
  warm(count?: number): void;
  /** Whether one was ended because it had gone silent, since the last time that one was created. */
  wasSilenced(): boolean;
  /** Ends all of them at once. */
  kill(): void;
}

export interface WarmWorkersOptions {
  readonly root: string;
  /** A process that says nothing for so long runs in a circle: no timer of its own can end it. */
  readonly silenceMs: number;
}

/**
 * Each test file gets a new process, so that nothing of one judgement is there in the next. To load the SDK costs such
 * a process more than a second of a core: it is done in advance.
 */
export function createWarmWorkers({ root, silenceMs }: WarmWorkersOptions): WarmWorkers {
  const spares: ChildProcess[] = [];
  const alive = new Set<ChildProcess>();
  let silenced = false;

  const start = () => {
    const child = startProcess(root);
    alive.add(child);
    child.once('exit', () => {
      alive.delete(child);
      const index = spares.indexOf(child);
      if (index >= 0) spares.splice(index, 1);
    });
    return child;
  };
  const kill = () => {
    for (const child of alive) child.kill('SIGKILL');
  };

  return {
    create() {
      silenced = false;
      const onSilence = () => void (silenced = true);
      return workerOn(() => spares.shift() ?? start(), silenceMs, onSilence);
    },
    warm(count = 1) {
      while (spares.length < count) spares.push(start());
    },
    wasSilenced: () => silenced,
    kill,
    async [Symbol.asyncDispose]() {
      const ended = [...alive].map(exitOf);
      kill();
      await Promise.all(ended);
    },
  };
}

/** The way of Vitest's own `forks`; a process is only taken once it is needed. */
function workerOn(take: () => ChildProcess, silenceMs: number, onSilence: () => void): PoolWorker {
  let child: ChildProcess | undefined;
  let silence: NodeJS.Timeout | undefined;
  const started = () => {
    if (!child) throw new Error('The worker was not started');
    return child;
  };
  const listen = () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      onSilence();
      child?.kill('SIGKILL');
    }, silenceMs).unref();
  };

  return {
    name: 'warm',
    cacheFs: true,
    on: (event, callback) => void started().on(event, callback),
    off: (event, callback) => void started().off(event, callback),
    send(message) {
      if (message.type === 'run') listen();
      // Whoever has ended cannot be told anything, and Vitest hears of it by its exit.
      if (started().connected) started().send(message);
    },
    deserialize: (data) => data,
    async start() {
      child = take();
      child.on('message', (message) =>
        isFinished(message) ? clearTimeout(silence) : silence && listen(),
      );
    },
    async stop() {
      clearTimeout(silence);
      silence = undefined;
      const ended = exitOf(started());
      started().kill('SIGKILL');
      await ended;
    },
  };
}

function isFinished(message: unknown): boolean {
  return (message as { type?: unknown } | undefined)?.type === 'testfileFinished';
}

function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => void child.once('exit', () => resolve()));
}

/** What every exercise's test loads in the end. */
const LOADED_FIRST = ['@temporalio/testing', '@temporalio/worker', '@temporalio/client', 'express'];

function startProcess(root: string): ChildProcess {
  const { resolve } = createRequire(join(root, 'package.json'));
  const loaded = LOADED_FIRST.flatMap((name) => ['--require', resolve(name)]);
  const child = fork(join(distDir, 'workers/forks.js'), [], {
    cwd: root,
    env: { ...process.env, ...TEST_ENVIRONMENT },
    // The first two are Vitest's own.
    execArgv: ['--experimental-import-meta-resolve', '--no-warnings', ...loaded],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
  // A send to a process that has just ended fails here; that it has ended is heard of by its exit.
  child.on('error', () => {});
  return child;
}

/** Workflows in the main thread: a thread of a worker costs most of a second of a core. */
const TEST_ENVIRONMENT = {
  TEST: 'true',
  VITEST: 'true',
  VITEST_MODE: 'RUN',
  NODE_ENV: 'test',
  TEMPORAL_DEBUG: '1',
};
