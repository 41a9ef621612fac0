import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { loadConfig } from '#config';
import { SEARCH_ATTRIBUTES } from '#server';
import { FEE_WORKFLOWS_PATH } from '#systems/fees';
import { startDevServer } from '#temporal/dev-server';
import type {} from '#testkit/vitest';

const WORKFLOWS = { fees: FEE_WORKFLOWS_PATH };

/** One server and one bundle of each system's workflows for the whole test run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-'));
  const [server, bundles] = await Promise.all([
    startDevServer({
      config: loadConfig(),
      settings: 'brisk',
      searchAttributes: SEARCH_ATTRIBUTES,
      onProgress: ({ text }) => project.vitest.logger.log(text),
    }),
    bundleOnce(folder),
  ]);
  project.provide('testServer', { address: server.address, bundles });

  return async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  };
}

/** @returns where the code of each system's workflows is, by the path of its source */
async function bundleOnce(folder: string): Promise<Record<string, string>> {
  const logger = new DefaultLogger('ERROR');
  const built = Object.entries(WORKFLOWS).map(async ([system, workflowsPath]) => {
    const codePath = join(folder, `${system}.cjs`);
    const { code } = await bundleWorkflowCode({ workflowsPath, logger });
    await writeFile(codePath, code);
    return [workflowsPath, codePath] as const;
  });
  return Object.fromEntries(await Promise.all(built));
}
