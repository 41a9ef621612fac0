export { TemporalUnavailableError, throughOutages } from './errors.ts';
export { history } from './events.ts';
export {
  type Run,
  type StartOrJoinOptions,
  type StartOutcome,
  startOrJoin,
} from './start-or-join.ts';
