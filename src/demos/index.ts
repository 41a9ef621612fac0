export { readAccounts, readOrders } from './fee-files.ts';
export type { DemoProgress, RowAnswers } from './fee-side.ts';
export { type FeeProofInput, proveFees } from './fee-verdict.ts';
export { type FeeDemo, type FeeDemoOptions, type FeeRun, runFeeDemo } from './fees.ts';
export type { LostAcknowledgement } from './lost-acknowledgement.ts';
export {
  runSuperscriptDemo,
  type SuperscriptActStart,
  type SuperscriptDemo,
  type SuperscriptDemoOptions,
} from './superscript.ts';
export { SUPERSCRIPT_ACTS, type SuperscriptActName } from './superscript-acts.ts';
export { readOrderIds } from './superscript-orders.ts';
export { openSuperscriptStage, type SuperscriptStage } from './superscript-stage.ts';
export { proveSuperscript, type SuperscriptProofInput } from './superscript-verdict.ts';
export { BadFileError, readTextFile } from './text-file.ts';
