export { bundleOptionsOf } from './bundle-options.ts';
export { TemporalUnavailableError, throughOutages } from './errors.ts';
export { history } from './events.ts';
export { pollUntilDisposed } from './polling.ts';
export {
  MissingSearchAttributesError,
  requireSearchAttributes,
  type SearchAttributeKey,
} from './search-attributes.ts';
export {
  type Run,
  type StartOrJoinOptions,
  type StartOutcome,
  startOrJoin,
} from './start-or-join.ts';
