import { join } from 'node:path';
import { reasonOf } from './errors.ts';
import { findOnPath } from './path.ts';
import { CommandFailedError, run } from './run.ts';
import { CLI_VERSION, isOlder } from './version.ts';

/** What the pinned CLI's go.mod asks for. */
export const MINIMUM_GO_VERSION = '1.25';

export interface Go {
  readonly path: string;
  readonly version: string;
}

interface BuildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** @throws {GoUnusableError} when there is none, or it is too old */
export async function findGo({ env, signal }: BuildOptions): Promise<Go> {
  const path = await findOnPath('go', env);
  if (path === undefined) throw new GoUnusableError('there is no `go` on PATH');

  const answer = await run(path, ['version'], { env, signal, timeoutMs: 15_000 }).catch(
    (cause: unknown) => {
      signal?.throwIfAborted();
      throw new GoUnusableError(`${path} does not run (${reasonOf(cause)})`, { cause });
    },
  );
  const version = /go(\d+(?:\.\d+)+)/.exec(answer.stdout)?.[1];
  if (version === undefined) throw new GoUnusableError(`${path} does not say its version`);
  if (isOlder(version, MINIMUM_GO_VERSION)) {
    throw new GoUnusableError(`${path} is Go ${version}, too old`);
  }
  return { path, version };
}

/**
 * Builds the pinned CLI from its source with `go install`. The first build takes minutes.
 *
 * @param onStep hears what is fetched or compiled now
 * @returns the path of the binary in the folder
 * @throws {BuildFailedError} with what the compiler said
 */
export async function buildCli(
  folder: string,
  go: Go,
  { env, signal, onStep }: BuildOptions & { readonly onStep: (step: string) => void },
): Promise<string> {
  const onStderr = (text: string) => linesOf(text).slice(-1).forEach(onStep);
  const args = ['install', '-v', '-ldflags', LINKER_FLAGS, SOURCE];

  await run(go.path, args, { env: { ...env, GOBIN: folder }, signal, onStderr }).catch(
    (cause: unknown) => {
      signal?.throwIfAborted();
      throw new BuildFailedError(whatGoSaid(cause), { cause });
    },
  );
  return join(folder, 'temporal');
}

/** No Go that can build the CLI. */
export class GoUnusableError extends Error {
  override readonly name = 'GoUnusableError';

  constructor(what: string, options?: ErrorOptions) {
    super(`${what}; it takes Go >= ${MINIMUM_GO_VERSION}`, options);
  }
}

/** `go install` did not end well. */
export class BuildFailedError extends Error {
  override readonly name = 'BuildFailedError';
}

const SOURCE = `github.com/temporalio/cli/cmd/temporal@v${CLI_VERSION}`;
// Without the number the binary calls itself 0.0.0-DEV; without -s -w it is a third larger.
const LINKER_FLAGS = `-s -w -X github.com/temporalio/cli/temporalcli.Version=${CLI_VERSION}`;

const linesOf = (text: string) => text.split('\n').filter(Boolean);
const isPackage = (line: string) => /^[\w./~-]+$/.test(line);

function whatGoSaid(error: unknown): string {
  if (!(error instanceof CommandFailedError)) return reasonOf(error);
  const said = linesOf(error.stderr).filter((line) => !isPackage(line));
  return [`go install: ${error.how}`, ...said.slice(-5)].join('; ');
}
