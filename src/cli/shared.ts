import { type Config, ConfigError } from '#config';
import { createWebhookClient, type Webhooks } from '#systems/flows';
import { createSupplierClient, type Supplier } from '#systems/inventory';
import {
  createFulfilmentClient,
  createGatewayClient,
  createMailClient,
  type OrderServices,
} from '#systems/orders';
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
    `${command} is a part of several processes, which have to share their accounts, stock and orders: add --store postgres, and name its database in DATABASE_URL`,
  );
}

/**
 * Refuses a worker beside others that have other accounts, other orders or another outbox: a fee would be taken from whichever account
 * its worker knows.
 *
 * Trap: two that start at the same moment do not see each other, and two databases are not told apart.
 *
 * @throws {NotSharedError}
 */
export async function requireSameAccounts(
  client: Parameters<typeof pollersOf>[0],
  { store, config }: { readonly store: StoreName; readonly config: Config },
): Promise<void> {
  const own = identityOf(store);
  const queues = [
    ['accounts', 'FEE_TASK_QUEUE', config.feeTaskQueue],
    ['orders', 'ORDER_TASK_QUEUE', config.orderTaskQueue],
    ['messages', 'FLOW_TASK_QUEUE', config.flowTaskQueue],
  ] as const;
  for (const [what, variable, queue] of queues) {
    const others = (await pollersOf(client, queue)).filter((identity) => identity !== own);
    const other = others.find((identity) => store === 'memory' || identity.endsWith(IN_MEMORY));
    if (other === undefined) continue;
    throw new NotSharedError(
      `Another worker polls "${queue}" (${other}), and ${what} in memory are of one process alone: add --store postgres to all, or use another ${variable}`,
    );
  }
}

/** What a worker is called by the server: it tells the others where its accounts are. */
export function identityOf(store: StoreName): string {
  return workerIdentity(store === 'memory' ? IN_MEMORY : 'accounts in a database');
}

/** Whom SUPPLIER_URL names, with what it knows us by. */
export function supplierOf({ supplierUrl: url, supplierToken }: Config): Supplier | undefined {
  return url === undefined ? undefined : createSupplierClient(addressOf(url, supplierToken));
}

/**
 * Whom GATEWAY_URL, FULFILMENT_URL and MAIL_URL name, with what each knows us by; undefined where none of them does.
 *
 * @throws {ConfigError} some of them are named and others are not: what was charged for real must not be shipped in play
 */
export function servicesOf(config: Config): OrderServices | undefined {
  const { gatewayUrl, fulfilmentUrl, mailUrl } = config;
  if (gatewayUrl && fulfilmentUrl && mailUrl) {
    return {
      gateway: createGatewayClient(addressOf(gatewayUrl, config.gatewayToken)),
      fulfilment: createFulfilmentClient(addressOf(fulfilmentUrl, config.fulfilmentToken)),
      mail: createMailClient(addressOf(mailUrl, config.mailToken)),
    };
  }
  const named = [gatewayUrl, fulfilmentUrl, mailUrl].filter((url) => url !== undefined);
  if (named.length === 0) return undefined;
  throw new ConfigError([
    'GATEWAY_URL, FULFILMENT_URL and MAIL_URL belong together: name all three, or none',
  ]);
}

/** Where FLOW_WEBHOOK_URL says that webhooks go whose steps name no URL. */
export function webhooksOf({
  flowWebhookUrl: url,
  flowWebhookHosts: hosts,
}: Config): Webhooks | undefined {
  return url === undefined
    ? undefined
    : createWebhookClient({ ...addressOf(url, undefined), hosts });
}

function addressOf(url: string, token: string | undefined) {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  // Less than an attempt of the activity may take.
  return { url, timeoutMs: 20_000, headers };
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
\`serve\` runs a supplier of its own, whose books are in its memory; \`worker\` sells nothing.

Orders that are paid for and shipped: the same ORDER_TASK_QUEUE, GATEWAY_URL, FULFILMENT_URL and MAIL_URL. Without
the three \`serve\` runs services of its own, whose books (GET /services/charges, …) are in its memory: in them
the customer "declined" is charged nothing, and the sku "out-of-stock" is not shipped. \`worker\` works on none.

Flows: the same FLOW_TASK_QUEUE and FLOW_WEBHOOK_URL, and for \`serve\` the same FLOWS_DIR. Without FLOW_WEBHOOK_URL
\`serve\` runs a receiver of its own, whose books (GET /receiver/webhooks) are in its memory; \`worker\` works on none.`;

/** Several processes would work on accounts that are not the same. Nothing was started. */
export class NotSharedError extends Error {
  override readonly name = 'NotSharedError';
}
