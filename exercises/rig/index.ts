export {
  AnswerLostError,
  type Bank,
  BankDownError,
  createBank,
  DeclinedError,
  type Entry,
  type PostOptions,
} from './bank.ts';
export { atMost, type Claim, type ClaimMade, type Wanted } from './claim.ts';
export { type ExerciseWorkerOptions, it, type Load, type RunWorker } from './it.ts';
export type { Judged, Stuck } from './judged.ts';
export { createSlowClient, type SlowClient } from './slow-client.ts';
