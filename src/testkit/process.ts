import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** An operating-system process that plays a part in an experiment. */
export interface Fixture extends AsyncDisposable {
  readonly pid: number;
  /** How it ended: the name of the signal that killed it, or its exit code. */
  readonly exited: Promise<string | number>;
  /** Sends a word; the process waits for it with `hear`. */
  send(word: string, payload?: unknown): void;
  /**
   * Waits until the process says a word with `say`, or gives what it has said already.
   *
   * @throws {FixtureDiedError} when it ends without saying it
   */
  said<T = unknown>(word: string): Promise<T>;
  kill(signal: NodeJS.Signals): void;
  /** Stops it where it stands (SIGSTOP): it lives, keeps its connections, and does nothing. */
  freeze(): void;
  /** Lets it go on (SIGCONT), as if no time had passed. */
  thaw(): void;
}

interface Message {
  readonly word: string;
  readonly payload?: unknown;
}

/**
 * Starts a TypeScript or JavaScript file as a process of its own. It is killed when it is disposed of.
 *
 * @param env added to this process's environment
 */
export function spawnFixture(file: URL, env: Record<string, string> = {}): Fixture {
  const child = fork(fileURLToPath(file), {
    env: { ...process.env, ...env },
    execArgv: file.pathname.endsWith('.ts') ? ['--import', tsx()] : [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const stderr = collect(child);
  const words = mailbox();
  child.on('message', (message) => words.put(message as Message));
  const exited = new Promise<string | number>((resolve, reject) => {
    child.on('error', reject);
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 'unknown'));
  });
  exited.catch(words.end);
  // `exit` may come before the last of its words and of its stderr; `close` comes after.
  child.once('close', (code, signal) => {
    words.end(new FixtureDiedError(file, signal ?? code ?? 'unknown', stderr()));
  });

  return {
    pid: child.pid ?? 0,
    exited,
    send: (word, payload) => void child.send({ word, payload } satisfies Message),
    said: <T>(word: string) => words.take(word) as Promise<T>,
    kill: (signal) => void child.kill(signal),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited.catch(() => {});
    },
  };
}

/** Inside a fixture: tells the test something. A fixture that has spoken ends with its test, as with `hear`. */
export function say(word: string, payload?: unknown): void {
  endWithTest();
  process.send?.({ word, payload } satisfies Message);
}

/** Inside a fixture: waits for a word of the test. A fixture whose test is gone ends itself. */
export async function hear<T = unknown>(word: string): Promise<T> {
  inbox ??= openInbox();
  return (await inbox.take(word)) as T;
}

let inbox: Mailbox | undefined;

function openInbox(): Mailbox {
  const words = mailbox();
  process.on('message', (message) => words.put(message as Message));
  endWithTest();
  return words;
}

let endsWithTest = false;

/** A worker whose activity stands still never ends by a signal to its group: without this it would outlive its test. */
function endWithTest(): void {
  if (endsWithTest) return;
  endsWithTest = true;
  process.once('disconnect', () => process.exit());
}

/** The process ended before it said what the test was waiting for. */
export class FixtureDiedError extends Error {
  override readonly name = 'FixtureDiedError';

  constructor(file: URL, how: string | number, stderr: string) {
    super(`${file.pathname} ended (${how}) too early. ${stderr.trim().slice(-500)}`);
  }
}

interface Mailbox {
  put(message: Message): void;
  take(word: string): Promise<unknown>;
  end(error: unknown): void;
}

/** Words that were said before somebody waits for them are kept. */
function mailbox(): Mailbox {
  const said = new Map<string, unknown>();
  const waiting: { word: string; resolve(payload: unknown): void; reject(e: unknown): void }[] = [];
  let ended: { readonly error: unknown } | undefined;

  return {
    put({ word, payload }) {
      said.set(word, payload);
      for (const waiter of waiting) if (waiter.word === word) waiter.resolve(payload);
    },
    take: (word) =>
      new Promise((resolve, reject) => {
        if (said.has(word)) resolve(said.get(word));
        else if (ended) reject(ended.error);
        else waiting.push({ word, resolve, reject });
      }),
    end(error) {
      ended = { error };
      for (const { reject } of waiting) reject(error);
    },
  };
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return () => text;
}

/** Plain Node 20 does not load TypeScript. Resolved from here, so that the caller's folder does not matter. */
function tsx(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href;
}
