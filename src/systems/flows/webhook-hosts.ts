import type { FlowDefinition } from './definition.ts';
import type { Flaw } from './definition-flaws.ts';
import { nodeCalled } from './nodes/names.ts';

/** Whom webhooks may go to. */
export interface WebhookHosts {
  /** The worker's own, which is allowed. */
  readonly url?: string | undefined;
  /** Each as `host` or `host:port`; without a port, the one that the scheme has. */
  readonly hosts?: readonly string[] | undefined;
}

/** Whether a webhook may go to this URL. */
export type AllowsWebhook = (url: string) => boolean;

/** The rule of a worker, and of the routes in front of it: definitions name nobody but these. */
export function webhookHosts({ url: own, hosts = [] }: WebhookHosts): AllowsWebhook {
  const known = new Set([
    ...hosts.map((host) => host.toLowerCase()),
    ...(own ? [hostOf(own)] : []),
  ]);
  return (url) => known.has(hostOf(url));
}

/** Every webhook of a definition that names somebody else. */
export function hostFlaws({ steps }: FlowDefinition, allows: AllowsWebhook): readonly Flaw[] {
  return Object.entries(steps).flatMap(([name, { node, config }]) => {
    const url = config?.url;
    if (nodeCalled(node) !== 'webhook' || typeof url !== 'string' || allows(url)) return [];
    const message = `bad config in step '${name}' (node 'webhook'): ${hostOf(url)} is not a host that webhooks go to`;
    return [{ message, path: ['steps', name, 'config', 'url'] }];
  });
}

/** As it stands in such a list: in small letters, and without the scheme's own port. */
export function hostOf(url: string): string {
  return new URL(url).host;
}
