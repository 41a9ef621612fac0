import { Command, CommanderError } from 'commander';
import { ConfigError } from '#config';
import { BadFileError } from '#demos';
import { PortTakenError } from '#server';
import { MissingSearchAttributesError } from '#temporal';
import { ConnectionRefusedError } from '#temporal/connect';
import { DatabaseUrlError } from './database-url.ts';
import { doctorCommand } from './doctor-command.ts';
import { Interrupted } from './interrupt.ts';
import { serveCommand } from './serve.ts';
import { startCommand } from './start.ts';

export { type Check, examine } from './doctor.ts';

/** 0: done; 1: the proof broke, or something failed; 2: used wrongly; 128 + n: ended by signal n. */
export type ExitCode = number;

/**
 * Runs one command line. Whatever goes wrong is one line on stderr, never a stack trace.
 *
 * @param argv as Node gives it: program, script, arguments
 */
export async function runCli(argv: readonly string[]): Promise<ExitCode> {
  let exitCode = 0;
  const program = new Command('press-twice')
    .description('Press twice, pay once: idempotency on Temporal, shown and proven.')
    .exitOverride();
  const ends = (code: ExitCode) => void (exitCode = code);
  program.addCommand(startCommand(ends));
  program.addCommand(serveCommand(ends));
  program.addCommand(doctorCommand(ends));
  for (const command of program.commands) command.exitOverride();

  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): ExitCode {
  if (error instanceof Interrupted) return error.exitCode;
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;

  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return USED_WRONGLY.some((type) => error instanceof type) ? 2 : 1;
}

const USED_WRONGLY = [
  ConfigError,
  BadFileError,
  PortTakenError,
  ConnectionRefusedError,
  DatabaseUrlError,
  MissingSearchAttributesError,
];
