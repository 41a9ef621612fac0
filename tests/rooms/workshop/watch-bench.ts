import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { Bench, View } from '#workshop/learner/view';
import type { Look } from '#workshop/screen/look';
import { type WatchOptions, watch } from '#workshop/watch';
import { exercise, noColour, viewOf } from './screen-views.ts';
import { clockOfHand, filesOfHand } from './watch-hands.ts';

/** What Node knows of a terminal, without one. */
export function terminalOfHand({ columns = 80, rows = 30 } = {}) {
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    raw: false,
    setRawMode(raw: boolean) {
      this.raw = raw;
    },
  });
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns, rows });
  const writes: string[] = [];
  stream.setEncoding('utf8').on('data', (text: string) => writes.push(text));
  /** What stands on it. */
  const screen = () => writes.join('').split('\u001B[H\u001B[J').at(-1) ?? '';
  return {
    input,
    output: stream as unknown as NodeJS.WriteStream,
    look: (): Look => ({
      columns: stream.columns,
      rows: stream.rows,
      colour: noColour,
      unicode: true,
    }),
    press: (key: string) => void input.write(key),
    writes,
    screen,
    /** Waits until this stands on it. */
    shows(pattern: RegExp): Promise<string> {
      return new Promise((resolve) => {
        const look = () => {
          if (!pattern.test(screen())) return;
          stream.off('data', look);
          resolve(screen());
        };
        stream.on('data', look);
        look();
      });
    },
    resize(to: { columns: number; rows: number }) {
      Object.assign(stream, to);
      stream.emit('resize');
    },
  };
}

/** Judges when it is told to, and says what it was asked for. */
export function benchOfHand() {
  const asked: string[] = [];
  const waiting: { resolve(view: View): void; reject(error: Error): void }[] = [];
  const asking = new EventEmitter();
  let open = exercise;
  const says = (what: string, text = `${what} of ${open.slug}`) => {
    asked.push(what);
    return Promise.resolve(text);
  };
  const bench: Bench = {
    exercise: () => open,
    folder: () => `my/${open.folder}`,
    judge() {
      asked.push(`judge ${open.slug}`);
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        asking.emit('asked');
      });
    },
    hint: () => says('hint'),
    diff: () =>
      says('diff', Array.from({ length: 40 }, (_, line) => `line ${line + 1}`).join('\n')),
    list: () => says('list'),
    next() {
      open = {
        ...open,
        number: 10,
        slug: 'which-key',
        folder: '10-which-key',
        title: 'Which key?',
      };
      return says('next');
    },
    reset: () => says('reset'),
    undo: () => says('undo'),
    picture: () => says('picture'),
    wrong: () => says('wrong'),
    solution: () => says('solution'),
  };
  return {
    bench,
    asked,
    judgements: () => asked.filter((what) => what.startsWith('judge')).length,
    /** Waits until it was asked so often in all. */
    async isAsked(times: number) {
      const asks = () => asked.filter((what) => what.startsWith('judge')).length;
      while (asks() < times) await once(asking, 'asked');
    },
    verdict: (view: View = viewOf()) => waiting.shift()?.resolve(view),
    fail: (message: string) => waiting.shift()?.reject(new Error(message)),
  };
}

export const DEBOUNCE_MS = 200;

/** A loop with everything from outside in the test's hands. Disposed of, it was ended by `q`. */
export function start(more: Partial<WatchOptions> = {}) {
  const time = clockOfHand();
  const files = filesOfHand();
  const terminal = terminalOfHand();
  const judge = benchOfHand();
  const ended = watch({
    bench: judge.bench,
    input: terminal.input,
    output: terminal.output,
    look: terminal.look,
    clock: time.clock,
    stampOf: files.stampOf,
    listen: files.listen,
    typeCheck: async () => [],
    today: () => new Date(2026, 10, 22, 14, 2, 31),
    ...more,
  });
  return {
    ended,
    time,
    files,
    terminal,
    judge,
    /** After a verdict that is shown: it waits for the next save. */
    isIdle: () => setImmediate(),
    async [Symbol.asyncDispose]() {
      terminal.press('q');
      await ended;
    },
  };
}
