import type { Client } from '@temporalio/client';
import { Runtime, type WorkerInterceptors, type WorkerOptions } from '@temporalio/worker';
import type { Config } from '#config';
import type { IdempotencyStore } from '#idempotency';
import type { Progress } from '#temporal';
import { installQuietRuntime } from '#temporal/quiet';
import { watchKeys } from './gauges.ts';
import { createLog, type LogDestination } from './log.ts';
import { BUCKETS, createMetrics } from './metrics.ts';
import type { Tracing } from './tracing.ts';

export interface TelemetryOptions {
  readonly config: Pick<Config, 'logLevel' | 'metricsAddress' | 'tracesUrl' | 'otlpUrl'>;
  readonly logTo: LogDestination;
}

/** What a system reports through its `onProgress`: some of it is counted and logged here. */
export type SystemEvent = Progress | { readonly event: 'asked' | 'answered' };

/** What an operator sees of a process: its metrics, its log, its traces. The systems know nothing of it. */
export interface Telemetry extends AsyncDisposable {
  /** Counts and logs what a system reports: its `onProgress`. */
  of(system: string): (event: SystemEvent) => void;
  /** Keeps the gauges of a store's keys up to date. Dispose of it before the worker. */
  watch(system: string, keys: Pick<IdempotencyStore, 'inFlight'>): AsyncDisposable;
  /** What a house or a worker is started with, so that it is seen in traces; as it is, where nobody asked for them. */
  around<T extends { readonly client: Client }>(temporal: T): Instrumented<T>;
}

export interface Instrumented<T> {
  readonly temporal: T;
  /** Trap: those of your own go inside of them (`joinInterceptors`), or traces do not see what these do. */
  readonly interceptors?: WorkerInterceptors;
  readonly sinks?: NonNullable<WorkerOptions['sinks']>;
}

/**
 * Starts what the environment asks for: a log always, metrics where there is a METRICS_ADDRESS, traces where there
 * is an OTEL_EXPORTER_OTLP_ENDPOINT. The packages of what is off are not loaded.
 *
 * Trap: the SDK has one Runtime in a process, and its metrics are decided with it. Start this before the first
 * connection.
 *
 * @throws {MetricsEndpointError}
 */
export async function startTelemetry({ config, logTo }: TelemetryOptions): Promise<Telemetry> {
  const log = createLog(config.logLevel, logTo);
  const { metricsAddress: address } = config;
  installQuietRuntime({
    metrics: address === undefined ? undefined : { address, buckets: BUCKETS },
    onWarning: log.sdk,
  });
  const metrics = address === undefined ? undefined : createMetrics(Runtime.instance().metricMeter);
  const tracing = await startTracing(config, (error) => log.fault('traces', { error }));

  return {
    of: (system) => (event) => {
      if (event.event === 'run' || event.event === 'refused') {
        metrics?.start(system, event);
        log.start(system, event);
      } else if (event.event === 'key') {
        metrics?.key(system, event);
        log.key(system, event);
        tracing?.key(event);
      } else if (event.event === 'broke') log.fault(system, event);
    },
    watch(system, keys) {
      if (metrics === undefined) return { async [Symbol.asyncDispose]() {} };
      return watchKeys({
        keys,
        everyMs: READ_GAUGES_EVERY_MS,
        onRead: (inFlight) => metrics.inFlight(system, inFlight),
        onFault: (error) => log.fault(system, { error }),
      });
    },
    around(temporal) {
      if (tracing === undefined) return { temporal };
      const { interceptors, sinks } = tracing;
      return {
        temporal: { ...temporal, client: tracing.client(temporal.client) },
        interceptors,
        sinks,
      };
    },
    async [Symbol.asyncDispose]() {
      await tracing?.[Symbol.asyncDispose]();
    },
  };
}

/** Prometheus asks every 15 seconds or so; one reading takes a millisecond. */
const READ_GAUGES_EVERY_MS = 5_000;

/** Loading what OpenTelemetry needs takes longer than all the rest of a start. */
async function startTracing(
  config: TelemetryOptions['config'],
  onFault: (error: Error) => void,
): Promise<Tracing | undefined> {
  const url =
    config.tracesUrl ?? (config.otlpUrl && `${config.otlpUrl.replace(/\/$/, '')}/v1/traces`);
  if (url === undefined) return undefined;
  const { startTracing: start } = await import('./tracing.ts');
  return start(url, { onFault });
}
