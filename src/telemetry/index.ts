export type { LogDestination } from './log.ts';
export {
  type Instrumented,
  type SystemEvent,
  startTelemetry,
  type Telemetry,
  type TelemetryOptions,
} from './telemetry.ts';
