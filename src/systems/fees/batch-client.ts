import type { Client } from '@temporalio/client';
import { fingerprint } from '#idempotency';
import { type Run, startOrJoin } from '#temporal';
import { type Fee, feeToInput } from './fee.ts';
import { MAX_BATCH_ORDERS } from './fee-batch.ts';
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
   * @throws {RangeError} for none, and for more than 5000 orders
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
      if (fees.length === 0 || fees.length > MAX_BATCH_ORDERS) {
        throw new RangeError(`A batch has 1 to ${MAX_BATCH_ORDERS} orders, not ${fees.length}`);
      }
      const orders = fees.map(feeToInput);
      return await startOrJoin<typeof FeeBatchWorkflow>(client, 'FeeBatchWorkflow', {
        // The digest is of what the file says: a file that was saved again with other spacing is the same batch.
        workflowId: feeBatchWorkflowId(fingerprint(orders)),
        taskQueue,
        args: [{ orders }],
        fingerprintKey,
        workflowExecutionTimeout: '1 day',
        workflowRunTimeout: '1 day',
        workflowTaskTimeout: '10 seconds',
      });
    },
  };
}
