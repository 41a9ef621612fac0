import type { Config } from '#config';
import { createSupplierClient, type Supplier } from '#systems/inventory';
import { namesServer } from '#temporal/connect';
import { pollersOf, workerIdentity } from '#temporal/pollers';
import type { StoreName } from './flags.ts';

/**
 * Makes sure that a process which is one part of several can find the others: their server, and their accounts.
 *
 * @param command such as `press-twice worker`
 * @throws {NotSharedError}
 */
export function requireShared(
  command: string,
  { store, config }: { readonly store: StoreName; readonly config: Config },
): void {
  if (!namesServer()) {
    throw new NotSharedError(
      `${command} is a part of several processes, and a dev server of its own is nobody else's: name their server in TEMPORAL_ADDRESS`,
    );
  }
  if (store === 'postgres' && config.databaseUrl !== undefined) return;
  throw new NotSharedError(
    `${command} is a part of several processes, which have to share their accounts: add --store postgres, and name its database in DATABASE_URL`,
  );
}

/**
 * Refuses a worker beside others that have other accounts: a fee would be taken from whichever account its worker
 * knows.
 *
 * Trap: two that start at the same moment do not see each other, and two databases are not told apart.
 *
 * @throws {NotSharedError}
 */
export async function requireSameAccounts(
  client: Parameters<typeof pollersOf>[0],
  { store, config: { feeTaskQueue } }: { readonly store: StoreName; readonly config: Config },
): Promise<void> {
  const own = identityOf(store);
  const others = (await pollersOf(client, feeTaskQueue)).filter((identity) => identity !== own);
  const other = others.find((identity) => store === 'memory' || identity.endsWith(IN_MEMORY));
  if (other === undefined) return;
  throw new NotSharedError(
    `Another worker polls "${feeTaskQueue}" (${other}), and accounts in memory are of one process alone: add --store postgres to all, or use another FEE_TASK_QUEUE`,
  );
}

/** What a worker is called by the server: it tells the others where its accounts are. */
export function identityOf(store: StoreName): string {
  return workerIdentity(store === 'memory' ? IN_MEMORY : 'accounts in a database');
}

/** Whom SUPPLIER_URL names, with what it knows us by. */
export function supplierOf({ supplierUrl: url, supplierToken }: Config): Supplier | undefined {
  if (url === undefined) return undefined;
  const headers = supplierToken === undefined ? {} : { Authorization: `Bearer ${supplierToken}` };
  // Less than an attempt of the activity may take.
  return createSupplierClient({ url, timeoutMs: 20_000, headers });
}

const IN_MEMORY = 'accounts in memory';

/** For the help of every command that may be one of several processes. */
export const OF_SEVERAL = `
Several processes on one task queue: all of them need the same TEMPORAL_ADDRESS, FEE_TASK_QUEUE,
DATABASE_URL (--store postgres), FINGERPRINT_KEY and PAYLOAD_KEYS. Accounts in memory are refused
where another worker is seen; two databases are not told apart.

Payments by script: the same SUPERSCRIPT_TASK_QUEUE, SCRIPTS_DIR and PAYMENT_LEDGER. The ledger is one
file, which all workers of the queue have to share: it is the journal of the steps, and two ledgers are
not told apart.

Orders and stock (--store postgres): the same INVENTORY_TASK_QUEUE and SUPPLIER_URL. Without SUPPLIER_URL
\`serve\` runs a supplier of its own, whose books are in its memory; \`worker\` sells nothing.`;

/** Several processes would work on accounts that are not the same. Nothing was started. */
export class NotSharedError extends Error {
  override readonly name = 'NotSharedError';
}
