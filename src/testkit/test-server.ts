import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '#config';
import { type DevServerOptions, startDevServer } from '#temporal/dev-server';
import { bundleForTests } from './bundles.ts';
import type { TestServer } from './temporal.ts';

export interface TestServerOptions extends Partial<Omit<DevServerOptions, 'config'>> {
  /** Files of workflows, absolute: each is bundled once, for all tests, when the first one needs it. */
  readonly workflowsPaths?: readonly string[];
}

/** A server for a whole test run. */
export interface StartedTestServer extends AsyncDisposable {
  /** Plain data: what `connectTest` and the fixtures of `vitest.ts` need, in whichever process they run. */
  readonly testServer: TestServer;
}

/**
 * Starts one Temporal dev server for a whole test run, whose workflows are bundled once. For a global setup:
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
 * @throws what finding the CLI throws
 */
export async function startTestServer({
  workflowsPaths = [],
  ...settings
}: TestServerOptions = {}): Promise<StartedTestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-'));
  const remove = () => rm(folder, { recursive: true });
  try {
    const bundles = bundleForTests(workflowsPaths, folder);
    const server = await startDevServer({
      config: loadConfig(),
      settings: 'brisk',
      onProgress: () => {},
      ...settings,
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
