import type { Config } from '#config';

/** The task queue of each system, as the environment names it. */
export function taskQueuesOf(config: Config): Readonly<Record<string, string>> {
  return {
    fees: config.feeTaskQueue,
    superscript: config.superscriptTaskQueue,
    inventory: config.inventoryTaskQueue,
    orders: config.orderTaskQueue,
    flows: config.flowTaskQueue,
  };
}
