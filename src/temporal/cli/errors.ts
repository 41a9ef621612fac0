/** Where a CLI came from, in the order in which the places are tried. */
export type CliSource = 'TEMPORAL_CLI_PATH' | 'PATH' | 'cache' | 'download' | 'build';

/** One way that was tried, and why it did not lead to a CLI. */
export interface FailedWay {
  readonly way: CliSource;
  readonly why: string;
}

/** What mends a missing CLI; any one of the three does. */
export const CLI_MEND =
  'install the Temporal CLI (https://docs.temporal.io/cli), or set TEMPORAL_CLI_PATH to a binary of it, or install Go >= 1.25 (https://go.dev/dl)';

/** Every way to a Temporal CLI was tried in vain. The message names each, why it failed, and the mend. */
export class CliNotFoundError extends Error {
  override readonly name = 'CliNotFoundError';
  readonly ways: readonly FailedWay[];

  constructor(ways: readonly FailedWay[]) {
    const rows = ways.map(({ way, why }) => `  ${way}: ${why}`);
    super(['No Temporal CLI was found or made:', ...rows, `Mend: ${CLI_MEND}`].join('\n'));
    this.ways = ways;
  }
}

/** The binary that TEMPORAL_CLI_PATH names cannot be used. The user asked for it, so no other is taken in its place. */
export class CliPathError extends Error {
  override readonly name = 'CliPathError';
  readonly path: string;

  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(
      `TEMPORAL_CLI_PATH: ${path} ${reason}: name a binary that works, or unset the variable`,
      options,
    );
    this.path = path;
  }
}

/** An error in one line of a bounded length, for a list of errors. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 400 ? `${line.slice(0, 200)} … ${line.slice(-200)}` : line;
}
