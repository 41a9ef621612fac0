export { BadFileError, readAccounts, readOrders } from './fee-files.ts';
export type { DemoProgress } from './fee-side.ts';
export { type FeeDemo, type FeeDemoOptions, runFeeDemo } from './fees.ts';
