import type { Recorder } from '#testkit';

/** Messages and webhooks that went out: one for a key. */
export interface Outbox {
  send(node: string, step: string, options?: { key?: string }): Promise<void>;
  sent(): readonly { node: string; step: string }[];
}

/** Whatever it is asked for is in the picture. */
export function createOutbox(recorder: Recorder): Outbox {
  const sent: { node: string; step: string }[] = [];
  const known = new Set<string>();
  return {
    async send(node, step, { key } = {}) {
      const came = key !== undefined && known.has(key) ? 'known' : 'written';
      if (came === 'written') sent.push({ node, step });
      if (key !== undefined) known.add(key);
      recorder.ledger({ what: step, came, about: node, ...(key !== undefined && { key }) });
    },
    sent: () => [...sent],
  };
}
