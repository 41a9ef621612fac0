import type { Recorder } from '#testkit';

/** What is wrong with a mail server, once for each order: it cannot be reached, or its answer is lost. */
export type Trouble = 'down' | 'answer lost';

/** A mail server: it sends one mail for a key. */
export interface Mailbox {
  send(orderId: string, key?: string): void;
  sent(orderId: string): number;
}

/** Whatever it is asked for is in the picture. */
export function createMailbox(
  recorder: Recorder,
  troubles: Readonly<Record<string, Trouble>>,
): Mailbox {
  const sent: string[] = [];
  const known = new Set<string>();
  const asked = new Set<string>();

  return {
    send(orderId, key) {
      const trouble = asked.has(orderId) ? undefined : troubles[orderId];
      asked.add(orderId);
      if (trouble === 'down') throw new Error('The mail server cannot be reached');
      const came = key !== undefined && known.has(key) ? 'known' : 'written';
      if (came === 'written') sent.push(orderId);
      if (key !== undefined) known.add(key);
      recorder.ledger({ what: 'mail', came, about: orderId, ...(key !== undefined && { key }) });
      if (trouble === 'answer lost') throw new Error('No answer from the mail server');
    },
    sent: (orderId) => sent.filter((one) => one === orderId).length,
  };
}
