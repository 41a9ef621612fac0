export {
  createPaymentActivities,
  PAYMENT_SCRIPT,
  type PaymentActivities,
  type PaymentActivitiesOptions,
} from './activities.ts';
export type {
  BatchEntry,
  BatchInput,
  BatchProgress,
  BatchResult,
  BatchStatus,
  BatchSummary,
} from './batch.ts';
export {
  DEFAULT_MAX_CONCURRENT,
  MAX_BATCH_ORDERS,
  MOST_CONCURRENT,
  openBatch,
  resultOf,
  shortReason,
} from './batch.ts';
export { type BatchesOptions, createBatches } from './batch-client.ts';
export { DEMO_ORDER_IDS } from './batch-request.ts';
export type { Batch, Batches, BatchState, StartedBatch } from './batches.ts';
export { createPayments, type PaymentsOptions } from './client.ts';
export { createPaymentRouter, type PaymentRouterOptions } from './http.ts';
export { type BatchRouterOptions, createBatchRouter } from './http-batch.ts';
export { createTraditionalRouter, type TraditionalRouterOptions } from './http-traditional.ts';
export {
  batchId,
  collectKey,
  confirmKey,
  naivePaymentWorkflowId,
  paymentWorkflowId,
} from './ids.ts';
export { createPaymentLedger, type PaymentEffect, type PaymentLedger } from './ledger.ts';
export { createNaivePaymentActivities } from './naive.ts';
export {
  InvalidPaymentError,
  isOrderId,
  type Payment,
  type PaymentInput,
  type PaymentResult,
  paymentFromInput,
  paymentToInput,
  type ScriptReport,
} from './payment.ts';
export type { Payments, StartedPayment } from './payments.ts';
export type { PaymentProgress } from './progress.ts';
export { createScripts, type ScriptOutcome, type Scripts } from './script.ts';
export { failureOf, ScriptError } from './script-errors.ts';
export {
  createTraditionalRuns,
  MOST_TRADITIONAL_RUNS,
  TRADITIONAL_SCRIPT,
  type TraditionalRuns,
} from './traditional.ts';
export {
  SUPERSCRIPT_WORKFLOWS_PATH,
  type SuperscriptWorkerOptions,
  superscriptWorkerOptions,
} from './worker.ts';
export type {
  NaivePaymentCollectionWorkflow,
  OrchestratorWorkflow,
  SinglePaymentCollectionWorkflow,
} from './workflows.ts';
