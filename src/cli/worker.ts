import { Command } from 'commander';
import { loadConfig } from '#config';
import { startWorker } from '#server';
import { delayFlag, type StoreName, storeFlag } from './flags.ts';
import type { Ends, ExitCode } from './index.ts';
import { runPart } from './part.ts';
import {
  identityOf,
  OF_SEVERAL,
  requireSameAccounts,
  requireShared,
  servicesOf,
  supplierOf,
  webhooksOf,
} from './shared.ts';

interface WorkerFlags {
  readonly store: StoreName;
  readonly delay: [number, number];
}

/** `press-twice worker`: the work without HTTP, until Ctrl-C. What it has begun it finishes. */
export function workerCommand(ends: Ends): Command {
  return new Command('worker')
    .addOption(storeFlag())
    .addOption(delayFlag())
    .addHelpText('after', OF_SEVERAL)
    .action(async (flags: WorkerFlags) => ends(await work(flags)));
}

async function work({ store, delay }: WorkerFlags): Promise<ExitCode> {
  const config = loadConfig();
  requireShared('press-twice worker', { store, config });
  const supplier = supplierOf(config);
  const services = servicesOf(config);
  const webhooks = webhooksOf(config);

  // Accounts are opened by whoever serves them.
  const balancesCents = new Map<string, number>();
  await runPart({ config, store, balancesCents, delay }, async (ground) => {
    await requireSameAccounts(ground.temporal.client, { store, config });
    const worker = await startWorker({
      config,
      ...ground,
      identity: identityOf(store),
      inventory: ground.inventory && { ...ground.inventory, supplier },
      orders: { ...ground.orders, services },
      flows: { ...ground.flows, webhooks },
    });
    const queues = [config.feeTaskQueue, config.superscriptTaskQueue];
    const lacks: string[] = [];
    if (supplier) queues.push(config.inventoryTaskQueue);
    else lacks.push(NO_SUPPLIER);
    if (services) queues.push(config.orderTaskQueue);
    else lacks.push(NO_SERVICES);
    if (webhooks) queues.push(config.flowTaskQueue);
    else lacks.push(NO_WEBHOOKS);
    return { ...worker, says: `polling ${queues.join(', ')}`, lacks };
  });
  return 0;
}

const NO_SUPPLIER =
  'No orders are sold here: name whom to ask for more goods in SUPPLIER_URL, and this worker sells';
const NO_SERVICES =
  'No orders are paid for and shipped here: name whom to ask in GATEWAY_URL, FULFILMENT_URL and MAIL_URL';
const NO_WEBHOOKS =
  'No flows are worked on here: name where webhooks go in FLOW_WEBHOOK_URL, and this worker does';
