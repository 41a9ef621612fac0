import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '#config';
import { type DevServerOptions, startDevServer } from '#temporal/dev-server';
import { bundleForTests } from './bundles.ts';
import type { TestServer } from './temporal.ts';

export interface TestServerOptions extends Partial<Omit<DevServerOptions, 'config'>> {
  /** Files of workflows, absolute: each is bundled once, for all tests. */
  readonly workflowsPaths?: readonly string[];
}

/** A server for a whole test run. */
export interface StartedTestServer extends AsyncDisposable {
  /** Plain data: what `connectTest` and the fixtures of `vitest.ts` need, in whichever process they run. */
  readonly testServer: TestServer;
}

/**
 * Starts one Temporal dev server for a whole test run and bundles its workflows, once. For a global setup:
 *
 * ```js
 * export default async function setup(project) {
 *   const started = await startTestServer({ workflowsPaths: [path] });
 *   project.provide('testServer', started.testServer);
 *   return () => started[Symbol.asyncDispose]();
 * }
 * ```
 *
 * The environment says where the CLI is, as for `press-twice doctor`. The server is brisk unless told otherwise.
 *
 * @throws {DevServerStartError} nothing is left running
 * @throws what finding the CLI and bundling throw
 */
export async function startTestServer({
  workflowsPaths = [],
  ...settings
}: TestServerOptions = {}): Promise<StartedTestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-'));
  const remove = () => rm(folder, { recursive: true });
  try {
    const bundling = bundleForTests(workflowsPaths, folder);
    bundling.catch(() => {}); // Thrown below, when the server has started.
    const server = await startDevServer({
      config: loadConfig(),
      settings: 'brisk',
      onProgress: () => {},
      ...settings,
    });
    const bundles = await bundling.catch(async (error: unknown) => {
      await server[Symbol.asyncDispose]();
      throw error;
    });
    return {
      testServer: { address: server.address, ...bundles },
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
