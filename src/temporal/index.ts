export { askRun } from './ask-run.ts';
export { bundleOnce, codeOf } from './bundle-once.ts';
export { bundleOptionsOf, withBundle } from './bundle-options.ts';
export { TemporalUnavailableError, throughOutages } from './errors.ts';
export { history } from './events.ts';
export { type PlacedRun, type PlaceOrJoinOptions, placeOrJoin } from './place-or-join.ts';
export { pollUntilDisposed } from './polling.ts';
export {
  type FaultProgress,
  type KeyProgress,
  type Progress,
  reportKey,
  reportStart,
  type StartProgress,
} from './progress.ts';
export { answerOf, RunFailedError, StillRunningError, unlessRunning } from './run-answer.ts';
export { type RunState, runState } from './run-state.ts';
export {
  MissingSearchAttributesError,
  ORDER_ID,
  requireSearchAttributes,
  type SearchAttributeKey,
  searchAttributes,
  TENANT_ID,
  tenantAttribute,
} from './search-attributes.ts';
export {
  type Run,
  type StartOrJoinOptions,
  type StartOutcome,
  startOrJoin,
} from './start-or-join.ts';
export type { StartedRun } from './started-run.ts';
