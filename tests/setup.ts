import { mkdtemp, rm, statfs, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '#database/server';
import type {} from '#fixtures/plain-js';
import { HOUSE_MIGRATIONS, SEARCH_ATTRIBUTES } from '#server';
import { startTestServer, type TestServerOptions } from '#testkit';
import type {} from '#testkit/database';
import type {} from '#testkit/vitest';

/** The server that a test finds; `npm run atlas` has another of the kind. */
export const TEST_SERVER = {
  searchAttributes: SEARCH_ATTRIBUTES,
  namespaces: ['elsewhere'],
} satisfies TestServerOptions;

/** One Temporal server and one PostgreSQL for the whole test run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // For the server, which is a Go program: it has memory to spare, and tests no core.
  process.env['GOGC'] ??= '400';
  const plainJs = await folderForPlainJs();
  const starts = [
    startTestServer({
      ...TEST_SERVER,
      onProgress: ({ text }) => project.vitest.logger.log(text),
    }),
    startPostgres({ within: await folderForData() }),
  ] as const;
  const [temporal, postgres] = await Promise.all(starts).catch(async (error: unknown) => {
    await endAll(starts);
    await rm(plainJs, { recursive: true });
    throw error;
  });
  project.provide('testServer', temporal.testServer);
  project.provide('plainJsFolder', plainJs);
  project.provide('testDatabases', {
    url: postgres.url,
    migrations: HOUSE_MIGRATIONS,
  });

  return async () => {
    await temporal[Symbol.asyncDispose]();
    await postgres[Symbol.asyncDispose]();
    await rm(plainJs, { recursive: true });
  };
}

/**
 * A database for each file of tests, and a schema for each test, are hundreds of thousands of files that are made and removed
 * again: in memory, where there is room for them.
 */
async function folderForData(): Promise<string> {
  const room = await statfs(IN_MEMORY).catch(() => undefined);
  return room && room.bavail * room.bsize > ROOM_BYTES ? IN_MEMORY : tmpdir();
}

const IN_MEMORY = '/dev/shm';
const ROOM_BYTES = 2 * 1024 ** 3;

/** What is put there finds the packages of this project. */
async function folderForPlainJs(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-plain-js-'));
  const packages = fileURLToPath(new URL('../node_modules', import.meta.url));
  await symlink(packages, join(folder, 'node_modules'), 'junction');
  return folder;
}

/** Of several starts one has failed: what has started, or still does, would outlive this process. */
async function endAll(starts: readonly Promise<AsyncDisposable>[]): Promise<void> {
  for (const start of await Promise.allSettled(starts)) {
    if (start.status === 'fulfilled') await start.value[Symbol.asyncDispose]();
  }
}
