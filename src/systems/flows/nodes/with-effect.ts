import type { NodeName } from './names.ts';

// Replayed with the workflow: no clock, no randomness, nothing of Node.

/** Whose activity the workflow calls: the nodes of `EFFECTS`, by name alone. */
export const WITH_EFFECT: ReadonlySet<NodeName> = new Set([
  'notify_creator',
  'send_message',
  'webhook',
]);
