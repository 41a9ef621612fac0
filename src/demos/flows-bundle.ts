import type { WorkflowBundleOption } from '@temporalio/worker';
import { FLOW_WORKFLOWS_PATH } from '#systems/flows';
// Not from '#testkit', which brings a server: the victim's process is to start soon.
import { bundleForFaults } from '#testkit/bundles';

/** The workflows of every worker, in whichever process. The first one waits a second or two for it. */
export async function bundleFlows(): Promise<WorkflowBundleOption> {
  return await bundleForFaults({ workflowsPath: FLOW_WORKFLOWS_PATH });
}
