export type { SystemEvent } from './events.ts';
export type { LogDestination } from './log.ts';
export {
  type Instrumented,
  startTelemetry,
  type Telemetry,
  type TelemetryOptions,
} from './telemetry.ts';
