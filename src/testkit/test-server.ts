import { loadConfig } from '#config';
import { type DevServerOptions, startDevServer } from '#temporal/dev-server';
import type { TestServer } from './temporal.ts';

export type TestServerOptions = Partial<Omit<DevServerOptions, 'config'>>;

/** A server for a whole test run. */
export interface StartedTestServer extends AsyncDisposable {
  /** Plain data: what `connectTest` and the fixtures of `vitest.ts` need, in whichever process they run. */
  readonly testServer: TestServer;
}

/**
 * Starts one Temporal dev server for a whole test run. For a global setup:
 *
 * ```js
 * export default async function setup(project) {
 *   const started = await startTestServer();
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
export async function startTestServer(
  settings: TestServerOptions = {},
): Promise<StartedTestServer> {
  const server = await startDevServer({
    config: loadConfig(),
    settings: 'brisk',
    onProgress: () => {},
    ...settings,
  });
  return {
    testServer: { address: server.address },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
