import { reasonOf } from './errors.ts';
import { run } from './run.ts';

/** The CLI that is downloaded or built here: newer ones cannot be built by `go install`. */
export const CLI_VERSION = '1.5.1';

/** The oldest server that the experiments hold on. The CLI's own number says nothing: a build from source has none. */
export const MINIMUM_SERVER_VERSION = '1.29.0';

export interface CliVersion {
  /** Of the CLI; `0.0.0-DEV` for a build from source that was not told its number. */
  readonly version: string;
  /** Of the Temporal server inside it: what counts. */
  readonly serverVersion: string;
}

/**
 * Asks a binary who it is. Nothing but its answer is believed: not its name, not its place.
 *
 * @throws {UnusableCliError} when it does not run, does not say its version, or is too old
 */
export async function askVersion(
  path: string,
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal?: AbortSignal | undefined },
): Promise<CliVersion> {
  const { stdout } = await run(path, ['--version'], {
    env,
    signal,
    timeoutMs: ANSWER_WITHIN_MS,
  }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new UnusableCliError(path, `does not run: ${reasonOf(cause)}`, { cause });
  });

  const [, version, serverVersion] = VERSION_LINE.exec(stdout) ?? [];
  if (version === undefined || serverVersion === undefined) {
    throw new UnusableCliError(path, `does not say which server it has: "${oneLine(stdout)}"`);
  }
  if (isOlder(serverVersion, MINIMUM_SERVER_VERSION)) {
    const what = `has server ${serverVersion}, and ${MINIMUM_SERVER_VERSION} is the minimum`;
    throw new UnusableCliError(path, what);
  }
  return { version, serverVersion };
}

/** A binary is there, and cannot be used. */
export class UnusableCliError extends Error {
  override readonly name = 'UnusableCliError';
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`${path} ${reason}`, options);
    this.path = path;
    this.reason = reason;
  }
}

/** Compares dotted numbers; what is absent counts as zero. */
export function isOlder(version: string, minimum: string): boolean {
  const [ours, theirs] = [numbersOf(version), numbersOf(minimum)];
  const differing = theirs.findIndex((number, index) => number !== (ours[index] ?? 0));
  return differing !== -1 && (ours[differing] ?? 0) < (theirs[differing] ?? 0);
}

// The slowest that was seen took half a second; a binary that hangs must not hang us.
const ANSWER_WITHIN_MS = 15_000;
const VERSION_LINE = /temporal version (\S+) \(server (\d+\.\d+\.\d+)/i;

function numbersOf(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10));
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 80);
}
