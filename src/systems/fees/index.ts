export { createAccountRouter } from './account-routes.ts';
export type {
  Account,
  AccountStore,
  Deduction,
  DeductOptions,
  PendingDeduction,
} from './accounts.ts';
export { createFeeActivities, type FeeActivities } from './activities.ts';
export { createFeeBatchActivities, type FeeBatchActivities } from './batch-activities.ts';
export { createFeeBatches, type FeeBatches, type FeeBatchesOptions } from './batch-client.ts';
export { ACCOUNT_ID, createFees, type FeesOptions } from './client.ts';
export { AccountExistsError, InsufficientFundsError, UnknownAccountError } from './errors.ts';
export {
  type Fee,
  type FeeDeductionInput,
  type FeeDeductionResult,
  feeFromInput,
  feeToInput,
} from './fee.ts';
export type { FeeBatchInput, FeeBatchPosition, FeeBatchResult, RefusedOrder } from './fee-batch.ts';
export {
  type FeeState,
  type Fees,
  type StartedFee,
} from './fees.ts';
export { createFeeRouter } from './http.ts';
export {
  type FeeAnswer,
  postDurableFee,
  postIdempotentFee,
  postNaiveFee,
} from './http-client.ts';
export { createIdempotentFeeRouter, type IdempotentFeeOptions } from './idempotent.ts';
export { deductFeeKey, feeBatchWorkflowId, feeWorkflowId } from './ids.ts';
export { createMemoryAccountStore, randomDelay } from './memory-accounts.ts';
export {
  amountFromCents,
  centsFromAmount,
  centsFromText,
  formatCents,
  InvalidAmountError,
  MAX_AMOUNT_CENTS,
} from './money.ts';
export { createNaiveFeeRouter } from './naive.ts';
export { createNaiveFeeActivities } from './naive-activities.ts';
export {
  createPostgresAccountStore,
  FEE_MIGRATIONS,
  type PostgresAccountsOptions,
} from './postgres-accounts.ts';
export type { FeeProgress } from './progress.ts';
export { FEE_WORKFLOWS_PATH, feeWorkerOptions, naiveFeeWorkerOptions } from './worker.ts';
export type { FeeBatchWorkflow, FeeDeductionWorkflow } from './workflows.ts';
