import { Worker } from '@temporalio/worker';
import { v4 as uuid } from 'uuid';
import { describe, expect, inject } from 'vitest';
import {
  createFees,
  createMemoryAccountStore,
  FEE_WORKFLOWS_PATH,
  type FeeDeductionWorkflow,
  feeWorkerOptions,
  feeWorkflowId,
} from '#systems/fees';
import { it } from '#testkit/vitest';
