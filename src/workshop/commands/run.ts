import { createInterface } from 'node:readline/promises';
import { CommanderError } from 'commander';
import { Interrupted, untilInterrupted } from '#cli/interrupt';
import { EXIT, WorkshopError } from '../errors.ts';
import { ROOT } from '../exercise.ts';
import { openNotebook } from '../learner/notebook.ts';
import { createWorkshop, type Workshop } from '../learner/workshop.ts';
import type { Desk } from './desk.ts';
import { createGround } from './ground.ts';
import { workshopProgram } from './program.ts';

export interface Surroundings extends Pick<Desk, 'input' | 'output'> {
  readonly errors: NodeJS.WritableStream;
  readonly root?: string;
  /** What commands stand on, where it outlives this one. */
  readonly groundOn?: typeof createGround;
}

/**
 * Runs one command line of the workshop. Whatever goes wrong is one line, never a stack trace; and nothing of it is left
 * running.
 *
 * @param argv as Node gives it: program, script, arguments
 */
export async function runWorkshop(
  argv: readonly string[],
  { input, output, errors, root = ROOT, groundOn = createGround }: Surroundings,
): Promise<number> {
  const print = (text: string) => void output.write(`${text}\n`);
  const warn = (text: string) => void errors.write(`${text}\n`);
  let kill = () => {};
  try {
    return await untilInterrupted(
      async (signal) => {
        await using ground = groundOn({ root, signal, say: warn });
        kill = ground.kill;
        const workshop = onceOnly(() =>
          createWorkshop({ root, judge: () => ground.judge(), notebook: openNotebook(root, warn) }),
        );
        const agrees = (question: string) => asked(question, { input, output, signal });
        let exitCode = 0;
        const desk = { root, input, output, signal, ground, print, warn, workshop, agrees };
        const program = workshopProgram(desk, (code) => (exitCode = code));
        program.configureOutput({
          writeOut: (text) => void output.write(text),
          writeErr: (text) => void errors.write(text),
        });
        await abortable(program.parseAsync(argv), signal);
        return exitCode;
      },
      { graceMs: 2_000, atLast: () => kill() },
    );
  } catch (error) {
    return exitCodeOf(error, warn);
  }
}

/** What is under way when Ctrl-C comes is not waited for: its processes are ended under it. */
async function abortable(task: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  task.catch(() => {});
  await Promise.race([task, aborted]);
}

function exitCodeOf(error: unknown, warn: (line: string) => void): number {
  if (error instanceof Interrupted) return error.exitCode;
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.usage;
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  warn(line);
  return error instanceof WorkshopError ? error.exitCode : EXIT.environment;
}

async function asked(
  question: string,
  { input, output, signal }: Pick<Desk, 'input' | 'output' | 'signal'>,
): Promise<boolean> {
  if (!input.isTTY) return true;
  const reader = createInterface({ input, output });
  const closing = new AbortController();
  let isInterrupted = false;
  // The terminal is raw while it asks, so Ctrl-C is a key; Ctrl-D closes it, and is a no.
  reader
    .on('close', () => closing.abort())
    .on('SIGINT', () => {
      isInterrupted = true;
      closing.abort();
    });
  try {
    const anyEnd = AbortSignal.any([signal, closing.signal]);
    return /^y/i.test(await reader.question(`${question} y or n `, { signal: anyEnd }));
  } catch (error) {
    if (isInterrupted) throw new Interrupted('SIGINT');
    if (closing.signal.aborted) return false;
    throw error;
  } finally {
    reader.close();
  }
}

function onceOnly(make: () => Workshop): () => Workshop {
  let made: Workshop | undefined;
  return () => (made ??= make());
}
