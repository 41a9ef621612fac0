import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { POLICY_WORKFLOWS_PATH } from '#atlas';
import { startPostgres } from '#database/server';
import { HOUSE_MIGRATIONS, SEARCH_ATTRIBUTES } from '#server';
import { FEE_WORKFLOWS_PATH } from '#systems/fees';
import { FLOW_WORKFLOWS_PATH } from '#systems/flows';
import { INVENTORY_WORKFLOWS_PATH } from '#systems/inventory';
import { ORDER_WORKFLOWS_PATH } from '#systems/orders';
import { SUPERSCRIPT_WORKFLOWS_PATH } from '#systems/superscript';
import { startTestServer, type TestServerOptions } from '#testkit';
import type {} from '#testkit/database';
import type {} from '#testkit/vitest';

const WORKFLOWS = {
  fees: FEE_WORKFLOWS_PATH,
  superscript: SUPERSCRIPT_WORKFLOWS_PATH,
  inventory: INVENTORY_WORKFLOWS_PATH,
  orders: ORDER_WORKFLOWS_PATH,
  flows: FLOW_WORKFLOWS_PATH,
  experiments: fileURLToPath(new URL('../fixtures/workflows/workflows.ts', import.meta.url)),
  oneAttempt: fileURLToPath(new URL('../fixtures/workflows/one-attempt.ts', import.meta.url)),
  explored: fileURLToPath(new URL('../fixtures/workflows/explored.ts', import.meta.url)),
  policies: POLICY_WORKFLOWS_PATH,
};

/** The server that a test finds; `npm run atlas` has another of the kind. */
export const TEST_SERVER = {
  workflowsPaths: Object.values(WORKFLOWS),
  searchAttributes: SEARCH_ATTRIBUTES,
  namespaces: ['elsewhere'],
} satisfies TestServerOptions;

/** One Temporal server, one PostgreSQL and one bundle of each system's workflows for the whole test run. */
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
