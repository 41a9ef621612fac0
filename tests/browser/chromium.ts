import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/**
 * Starts the Chromium that `CHROMIUM_PATH` names; without it Playwright's own, or the first one on PATH.
 *
 * @throws {NoChromiumError} there is none, or it does not start: one line, which says how to get one
 */
export async function launchChromium(env: NodeJS.ProcessEnv = process.env): Promise<Browser> {
  const named = env.CHROMIUM_PATH;
  const candidates = named ? [named] : [undefined, ...onPath(env.PATH ?? '')];
  let failure: unknown;
  for (const executablePath of candidates) {
    try {
      return await chromium.launch(executablePath === undefined ? {} : { executablePath });
    } catch (error) {
      failure = error;
    }
  }
  const [why] = String(failure).split('\n');
  throw new NoChromiumError(named ? `CHROMIUM_PATH does not start (${why})` : 'No Chromium');
}

export class NoChromiumError extends Error {
  override name = 'NoChromiumError';

  constructor(what: string) {
    super(
      `${what}: run \`npx playwright-core install --with-deps chromium-headless-shell\`, or install your system's package chromium, or set CHROMIUM_PATH`,
    );
  }
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function onPath(path: string): readonly string[] {
  return path
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .filter((file) => existsSync(file));
}
