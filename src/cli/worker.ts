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
  supplierOf,
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

  // Accounts are opened by whoever serves them.
  const balancesCents = new Map<string, number>();
  await runPart({ config, store, balancesCents, delay }, async (ground) => {
    await requireSameAccounts(ground.temporal.client, { store, config });
    const supplier = supplierOf(config);
    const worker = await startWorker({
      config,
      ...ground,
      identity: identityOf(store),
      inventory: ground.inventory && { ...ground.inventory, supplier },
    });
    const queues = [config.feeTaskQueue, config.superscriptTaskQueue];
    if (supplier) queues.push(config.inventoryTaskQueue);
    return { ...worker, says: `polling ${queues.join(', ')}`, lacks: supplier ? undefined : LACKS };
  });
  return 0;
}

const LACKS =
  'No orders are sold here: name whom to ask for more goods in SUPPLIER_URL, and this worker sells';
