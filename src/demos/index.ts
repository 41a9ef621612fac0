export { BadFileError, readAccounts, readOrders } from './fee-files.ts';
export type { DemoProgress, RowAnswers } from './fee-side.ts';
export { type FeeProofInput, proveFees } from './fee-verdict.ts';
export { type FeeDemo, type FeeDemoOptions, type FeeRun, runFeeDemo } from './fees.ts';
export type { LostAcknowledgement } from './lost-acknowledgement.ts';
