import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CommandFailedError, run } from './run.ts';
import { CLI_VERSION } from './version.ts';

/** Puts the pinned CLI into a folder, under any name. Ends what it started when the signal comes. */
export type Download = (
  folder: string,
  options: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
) => Promise<void>;

/**
 * The SDK's own download, in a process of its own: inside this one it could not be ended, and a
 * network that swallows packets would hold us for minutes.
 */
export const downloadWithSdk: Download = async (folder, { env, signal }) => {
  const extension = extname(import.meta.url);
  const child = fileURLToPath(new URL(`./download-child${extension}`, import.meta.url));
  const loader = extension === '.ts' ? ['--import', tsx()] : [];
  await run(process.execPath, [...loader, child, folder, CLI_VERSION], { env, signal });
};

/**
 * Downloads within the deadline.
 *
 * @returns the path of the binary in the folder
 * @throws {DownloadFailedError} without it, in one line
 */
export async function downloadCli(
  folder: string,
  download: Download,
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly timeoutMs: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<string> {
  const { env, timeoutMs, signal: stop } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = stop ? AbortSignal.any([stop, deadline]) : deadline;
  try {
    await download(folder, { env, signal });
  } catch (cause) {
    stop?.throwIfAborted();
    throw new DownloadFailedError(deadline.aborted ? gaveUp(timeoutMs) : reasonIn(cause), {
      cause,
    });
  }

  const name = (await readdir(folder)).find((file) => file.startsWith('temporal'));
  if (name === undefined) throw new DownloadFailedError('the download left no binary');
  return join(folder, name);
}

/** The CLI could not be downloaded. */
export class DownloadFailedError extends Error {
  override readonly name = 'DownloadFailedError';
}

const gaveUp = (timeoutMs: number) =>
  `not there after ${timeoutMs / 1000} s (TEMPORAL_CLI_DOWNLOAD_TIMEOUT_MS)`;

function reasonIn(error: unknown): string {
  if (error instanceof CommandFailedError) return error.stderr.trim() || error.how;
  return error instanceof Error ? error.message : String(error);
}

/** Plain Node 20 does not load TypeScript. Resolved from here, so that the working folder does not matter. */
function tsx(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href;
}
