import { Command, CommanderError } from 'commander';
import { Interrupted } from './interrupt.ts';

/** 0: done; 1: the proof broke, or something failed; 2: used wrongly; 128 + n: ended by signal n. */
export type ExitCode = number;

/** Tells how its command has ended. */
export type Ends = (code: ExitCode) => void;

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
  try {
    const asked = argv.slice(2).find((word) => Object.hasOwn(COMMANDS, word));
    for (const [name, { description, load }] of Object.entries(COMMANDS)) {
      const command = name === asked ? await loaded(name, load) : new Command(name);
      program.addCommand(command.description(description).exitOverride());
    }
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    return report(error);
  }

  async function loaded(name: string, load: Load): Promise<Command> {
    const make = await load().catch((error: unknown) => {
      throw packageMissing(name, error) ?? error;
    });
    return make((code) => void (exitCode = code));
  }
}

type Load = () => Promise<(ends: Ends) => Command>;

/** Each is loaded when it is asked for: who checks an endpoint needs neither Express nor a database. */
const COMMANDS: Readonly<Record<string, { readonly description: string; readonly load: Load }>> = {
  start: {
    description:
      'run an experiment (fees, superscript, inventory, orders, flows), and prove what it shows',
    load: async () => (await import('./start.ts')).startCommand,
  },
  serve: {
    description: 'serve the naive and the durable endpoints, with their worker, until Ctrl-C',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  worker: {
    description: 'do the work that `serve` in other processes is asked for, until Ctrl-C',
    load: async () => (await import('./worker.ts')).workerCommand,
  },
  flow: {
    description: 'validate, draw, start, signal and look at flows',
    load: async () => (await import('./flow.ts')).flowCommand,
  },
  check: {
    description:
      'try the rules of idempotency on an endpoint, from outside; exit 1 if a MUST is broken',
    load: async () => (await import('./check.ts')).checkCommand,
  },
  matrix: {
    description: 'what happens if this ID is started again? By policy, call and prior run',
    load: async () => (await import('./matrix.ts')).matrixCommand,
  },
  namespace: {
    description:
      'register a namespace and its search attributes on a server, where they are missing',
    load: async () => (await import('./namespace.ts')).namespaceCommand,
  },
  stuck: {
    description: 'what does not go on by itself: keys, tasks, refunds; exit 1 if anything is',
    load: async () => (await import('./stuck.ts')).stuckCommand,
  },
  doctor: {
    description:
      'look at this machine, and at the server and database that are named, and say how to mend each',
    load: async () => (await import('./doctor-command.ts')).doctorCommand,
  },
};

/** A package that the taker of this one may have or not. */
class PackageMissingError extends Error {
  override readonly name = 'PackageMissingError';

  constructor(command: string, packageName: string, options: ErrorOptions) {
    super(
      `press-twice ${command} needs the package ${packageName}: npm install ${packageName}`,
      options,
    );
  }
}

function packageMissing(command: string, error: unknown): PackageMissingError | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  const [, name] = /^Cannot find package '([^']+)'/.exec(error.message) ?? [];
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || name === undefined) return undefined;
  return new PackageMissingError(command, name, { cause: error });
}

function report(error: unknown): ExitCode {
  if (error instanceof Interrupted) return error.exitCode;
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;

  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return classNames(error).some((name) => USED_WRONGLY.has(name)) ? 2 : 1;
}

/** The class of an error, and those that it extends. */
function classNames(error: unknown): string[] {
  const names: string[] = [];
  for (let of = Object(error); of !== null; of = Object.getPrototypeOf(of)) {
    names.push(of.constructor.name);
  }
  return names;
}

/** By their names, because to import their classes is to load the commands that throw them. */
const USED_WRONGLY = new Set([
  'ConfigError',
  'BadFileError',
  'FlowFileError',
  'CannotCheckError',
  'CannotLookError',
  'PortTakenError',
  'ConnectionRefusedError',
  'ConnectionSettingsError',
  'NotSharedError',
  'MetricsEndpointError',
  'DatabaseUrlError',
  'MissingSearchAttributesError',
  'SearchAttributeTypeError',
  'NamespaceRefusedError',
  'PackageMissingError',
]);
