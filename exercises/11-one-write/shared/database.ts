import type { Database, Rows } from '../solution/activities.ts';

/** When a process dies, seen from its first write. */
export type Death = 'before a write' | 'after a write';

/** A connection is gone with its process: nothing that the process still wanted to do is done. */
export class ProcessDiedError extends Error {
  override name = 'ProcessDiedError';
}

/** The key is there. Nothing was written. */
export class DuplicateKeyError extends Error {
  override name = 'DuplicateKeyError';
}

export interface ConnectionOptions {
  readonly dies?: Death | undefined;
  /** Called when a process has looked for a key, and before it hears what was found. */
  readonly hasLooked?: () => Promise<void>;
}

/** @param onWrite hears of each write, and whether its key was there */
export function createDatabase(onWrite: (rows: Rows, came: 'written' | 'known') => void) {
  const keys = new Set<string>();
  const fees: string[] = [];

  const write = ({ key, fee, ...rows }: Rows) => {
    const isKnown = key !== undefined && keys.has(key);
    onWrite({ ...rows, ...(key && { key }), ...(fee && { fee }) }, isKnown ? 'known' : 'written');
    if (isKnown) throw new DuplicateKeyError(`"${key}" is there`);
    if (key !== undefined) keys.add(key);
    if (fee !== undefined) fees.push(fee.orderId);
  };

  return {
    feesOf: (orderId: string) => fees.filter((order) => order === orderId).length,

    /** The connection of one process. */
    connect({ dies, hasLooked }: ConnectionOptions = {}): Database {
      let isDead = false;
      const die = () => {
        isDead = true;
        throw new ProcessDiedError(`The process died ${dies}`);
      };
      const live = () => (isDead ? die() : undefined);
      return {
        async knows(key) {
          live();
          const isKnown = keys.has(key);
          await hasLooked?.();
          return isKnown;
        },
        async write(rows) {
          live();
          if (dies === 'before a write') die();
          write(rows);
          if (dies === 'after a write') die();
        },
      };
    },
  };
}
