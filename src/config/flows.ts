import { z } from 'zod';
import { serviceUrl } from './service-url.ts';
import { type Variable, variable } from './variable.ts';

/** Where `flows` are worked on, which there are by name, and where their webhooks go. */
export const OF_FLOWS = {
  FLOW_TASK_QUEUE: variable(
    'flowTaskQueue',
    z.string().min(1).default('primary-workflow-task-queue'),
    'Task queue of the flows and their worker.',
  ),
  FLOWS_DIR: variable(
    'flowsDir',
    z.string().min(1).optional(),
    'Folder of the flows that can be started by name: `.json`, `.yaml` and `.yml` files, one flow each. Without it: those of the package. A bad file there stops the start.',
    '/srv/flows',
  ),
  FLOW_WEBHOOK_URL: variable(
    'flowWebhookUrl',
    serviceUrl(),
    'Where a webhook goes whose step names no URL: `POST <URL>`, with an `Idempotency-Key`. Without it `serve` runs a receiver of its own, and `worker` works on no flows.',
    'https://receiver.example/webhooks',
  ),
  FLOW_WEBHOOK_HOSTS: variable(
    'flowWebhookHosts',
    z.string().transform(hostList).optional(),
    'Whom else a step may name as the URL of its webhook: hosts, comma-separated, each with its port where that is not the one of its scheme. Definitions come from clients, and reach nobody but these and the one above.',
    'hooks.example,hooks.example:8443',
  ),
} as const satisfies Record<string, Variable>;

function hostList(text: string, context: z.RefinementCtx): readonly string[] {
  const hosts = text.split(',').map((host) => host.trim().toLowerCase());
  if (hosts.every(isHost)) return hosts;
  context.addIssue({
    code: 'custom',
    message:
      'It has to be hosts, such as hooks.example,hooks.example:8443, and no port of a scheme',
  });
  return z.NEVER;
}

function isHost(host: string): boolean {
  return ['http', 'https'].every((scheme) => {
    const url = `${scheme}://${host}`;
    return URL.canParse(url) && new URL(url).host === host;
  });
}
