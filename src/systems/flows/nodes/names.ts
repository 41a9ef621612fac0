// Replayed with the workflow: no clock, no randomness, nothing of Node.

/** Every node that there is. */
const NODE_NAMES = [
  'branch',
  'explicit_wait',
  'notify_creator',
  'send_message',
  'wait_answer',
  'webhook',
] as const;

export type NodeName = (typeof NODE_NAMES)[number];

/** As older definitions spell it. */
export const ALIASES: Readonly<Record<string, NodeName>> = { explicity_wait: 'explicit_wait' };

/** The node that a definition names; undefined where none is registered. */
export function nodeCalled(name: string): NodeName | undefined {
  const known = Object.hasOwn(ALIASES, name) ? ALIASES[name] : name;
  return NODE_NAMES.find((one) => one === known);
}
