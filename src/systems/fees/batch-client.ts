import type { Client } from '@temporalio/client';
import { fingerprint } from '#idempotency';
import { type Run, startOrJoin, tenantAttribute } from '#temporal';
import { type Fee, feeToInput } from './fee.ts';
import { type FeeBatchInput, MAX_BATCH_BYTES, MAX_BATCH_ORDERS } from './fee-batch.ts';
import { feeBatchWorkflowId } from './ids.ts';
import type { FeeBatchWorkflow } from './workflows.ts';

export interface FeeBatchesOptions {
  readonly client: Client;
  readonly taskQueue: string;
  readonly fingerprintKey?: string | undefined;
}

/** Batches of fees through a workflow: the same orders in the same order are one batch, whoever sends them. */
export interface FeeBatches {
  /**
   * Starts the run of a batch, or finds the one that the same file has.
   *
   * @throws {RangeError} for none, for more than 1000 orders, for more than a megabyte of them, and for those of two
   *   tenants
   * @throws {TemporalUnavailableError} no answer; asking again is safe
   */
  start(fees: readonly Fee[]): Promise<Run<typeof FeeBatchWorkflow>>;
}

export function createFeeBatches({
  client,
  taskQueue,
  fingerprintKey,
}: FeeBatchesOptions): FeeBatches {
  return {
    async start(fees) {
      const orders = fees.map(feeToInput);
      requireSize({ orders });
      const tenant = tenantOf(fees);
      return await startOrJoin<typeof FeeBatchWorkflow>(client, 'FeeBatchWorkflow', {
        // The digest is of what the file says: a file that was saved again with other spacing is the same batch.
        workflowId: feeBatchWorkflowId(fingerprint(orders), tenant),
        taskQueue,
        args: [{ orders }],
        fingerprintKey,
        workflowExecutionTimeout: '1 day',
        workflowRunTimeout: '1 day',
        workflowTaskTimeout: '10 seconds',
        typedSearchAttributes: tenantAttribute(tenant),
      });
    },
  };
}

/** A batch is one tenant's: its run, its name and its result are for that one to see. */
function tenantOf(fees: readonly Fee[]): string | undefined {
  const tenants = new Set(fees.map(({ tenant }) => tenant));
  if (tenants.size > 1) throw new RangeError(`A batch is of one tenant, not of ${tenants.size}`);
  const [tenant] = tenants;
  return tenant;
}

function requireSize({ orders }: FeeBatchInput): void {
  if (orders.length === 0 || orders.length > MAX_BATCH_ORDERS) {
    throw new RangeError(`A batch has 1 to ${MAX_BATCH_ORDERS} orders, not ${orders.length}`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(orders));
  if (bytes > MAX_BATCH_BYTES) {
    throw new RangeError(
      `A batch has at most ${MAX_BATCH_BYTES} bytes, not ${bytes}: send it in parts`,
    );
  }
}
