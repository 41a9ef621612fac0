import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { loadConfig } from '#config';
import { startPostgres } from '#database/server';
import { IDEMPOTENCY_MIGRATIONS } from '#idempotency';
import { SEARCH_ATTRIBUTES } from '#server';
import { FEE_MIGRATIONS, FEE_WORKFLOWS_PATH } from '#systems/fees';
import { startDevServer } from '#temporal/dev-server';
import { bundleForTests } from '#testkit';
import type {} from '#testkit/database';
import type {} from '#testkit/vitest';

const WORKFLOWS = {
  fees: FEE_WORKFLOWS_PATH,
  experiments: fileURLToPath(new URL('../fixtures/workflows/workflows.ts', import.meta.url)),
  oneAttempt: fileURLToPath(new URL('../fixtures/workflows/one-attempt.ts', import.meta.url)),
};

/** One Temporal server, one PostgreSQL and one bundle of each system's workflows for the whole test run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-'));
  const starts = [
    startDevServer({
      config: loadConfig(),
      settings: 'brisk',
      searchAttributes: SEARCH_ATTRIBUTES,
      namespaces: ['elsewhere'],
      onProgress: ({ text }) => project.vitest.logger.log(text),
    }),
    startPostgres(),
    bundleForTests(Object.values(WORKFLOWS), folder),
  ] as const;
  const [server, postgres, bundles] = await Promise.all(starts).catch(async (error: unknown) => {
    await endAll(starts);
    throw error;
  });
  project.provide('testServer', { address: server.address, ...bundles });
  const migrations = [...IDEMPOTENCY_MIGRATIONS, ...FEE_MIGRATIONS];
  project.provide('testDatabases', { url: postgres.url, migrations });

  return async () => {
    await server[Symbol.asyncDispose]();
    await postgres[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  };
}

/** Of several starts one has failed: what has started, or still does, would outlive this process. */
async function endAll(starts: readonly Promise<object>[]): Promise<void> {
  for (const start of await Promise.allSettled(starts)) {
    if (start.status === 'fulfilled' && Symbol.asyncDispose in start.value) {
      await (start.value as AsyncDisposable)[Symbol.asyncDispose]();
    }
  }
}
