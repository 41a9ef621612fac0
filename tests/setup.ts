import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { ACCOUNT_ID, FEE_WORKFLOWS_PATH, ORDER_ID } from '#systems/fees';
import type {} from '#testkit/vitest';

export default async function setup(project: TestProject) {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-'));
  const env = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: '/tmp/cli/temporal' },
      searchAttributes: [ORDER_ID, ACCOUNT_ID],
      log: { format: 'pretty', level: 'never' },
      extraArgs: ['--output', 'none', ...['history.transferProcessorMaxPollRPS=10000','system.enableActivityEagerExecution=true','history.timerProcessorMaxTimeShift="10ms"','history.workflowIdReuseMinimalInterval="0s"','matching.numTaskqueueReadPartitions=1','matching.numTaskqueueWritePartitions=1','history.longPollExpirationInterval="1s"'].flatMap(v=>['--dynamic-config-value', v])],
    },
  });
  const { code } = await bundleWorkflowCode({ workflowsPath: FEE_WORKFLOWS_PATH, logger: new DefaultLogger('ERROR') });
  const codePath = join(folder, 'fees.cjs');
  await writeFile(codePath, code);
  project.provide('testServer', { address: env.address, bundles: { [FEE_WORKFLOWS_PATH]: codePath } });
  return async () => {
    await env.teardown();
    await rm(folder, { recursive: true });
  };
}
