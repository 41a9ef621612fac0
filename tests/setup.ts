import type { TestProject } from 'vitest/node';
import { startPostgres } from '#database/server';
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
  const starts = [
    startTestServer({
      ...TEST_SERVER,
      onProgress: ({ text }) => project.vitest.logger.log(text),
    }),
    startPostgres(),
  ] as const;
  const [temporal, postgres] = await Promise.all(starts).catch(async (error: unknown) => {
    await endAll(starts);
    throw error;
  });
  project.provide('testServer', temporal.testServer);
  project.provide('testDatabases', {
    url: postgres.url,
    migrations: HOUSE_MIGRATIONS,
  });

  return async () => {
    await temporal[Symbol.asyncDispose]();
    await postgres[Symbol.asyncDispose]();
  };
}

/** Of several starts one has failed: what has started, or still does, would outlive this process. */
async function endAll(starts: readonly Promise<AsyncDisposable>[]): Promise<void> {
  for (const start of await Promise.allSettled(starts)) {
    if (start.status === 'fulfilled') await start.value[Symbol.asyncDispose]();
  }
}
