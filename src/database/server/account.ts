import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PostgresStartError } from './errors.ts';

/** Who a PostgreSQL runs as, where that is not who runs this. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root. Root lends it an account that is there; none is made, because a demo
 * has no business with the accounts of a machine.
 *
 * @returns undefined where it runs as who runs this
 * @throws {PostgresStartError}
 */
export async function accountForPostgres(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of NAMES) {
    const [uid, gid] = await Promise.all([idOf(name, '-u'), idOf(name, '-g')]);
    if (uid !== undefined && gid !== undefined) return { name, uid, gid };
  }
  throw new PostgresStartError(
    `it does not run as root, and there is no account ${NAMES.join(' or ')}`,
  );
}

const NAMES = ['postgres', 'nobody'];

async function idOf(name: string, which: '-u' | '-g'): Promise<number | undefined> {
  try {
    return Number((await promisify(execFile)('id', [which, name])).stdout);
  } catch {
    return undefined; // No such account.
  }
}
