import type { FlowDefinition, StepDefinition } from '#systems/flows';

/** A chain, with a branch in each step that leaves the next one out. */
export function chainOf(count: number, nodes: readonly StepDefinition[]): FlowDefinition {
  const nameAt = (at: number) => `step_${Math.min(at, count - 1)}`;
  const steps = Array.from({ length: count }, (_, at): readonly [string, StepDefinition] => {
    const node = nodes[at % nodes.length] ?? MESSAGE;
    const next = { go_to: nameAt(at + 1), condition: { timeout: nameAt(at + 2) } };
    return [nameAt(at), at + 1 < count ? { ...node, ...next } : node];
  });
  return { name: 'bench', version: '1', start_step: nameAt(0), steps: Object.fromEntries(steps) };
}

export const MESSAGE: StepDefinition = {
  node: 'send_message',
  config: { text: 'Is it still wanted?' },
};
/** One step of each node. */
export const ANY_NODE: readonly StepDefinition[] = [
  MESSAGE,
  { node: 'wait_answer', config: { timeout_seconds: 3_600 } },
  { node: 'branch', config: { path: 'input.total_cents', at_least: 100_00 } },
  { node: 'notify_creator' },
  { node: 'webhook', config: { body: { about: 'tea' } } },
  { node: 'explicit_wait', config: { seconds: 60 } },
];
