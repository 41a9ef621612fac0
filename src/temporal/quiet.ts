import { IllegalStateError } from '@temporalio/common';
import { DefaultLogger, type LogEntry, Runtime, type RuntimeOptions } from '@temporalio/worker';

export interface QuietRuntimeOptions {
  /** Serves the metrics of the SDK, and those of `Runtime.instance().metricMeter`, at `http://<address>/metrics`. */
  readonly metrics?: MetricsEndpoint | undefined;
  /** Hears the SDK's warnings and errors. Their `meta` may hold what a workflow was asked for. */
  readonly onWarning?: (entry: LogEntry) => void;
}

export interface MetricsEndpoint {
  /** An IP address and a port: `127.0.0.1:9464`. */
  readonly address: string;
  /** The bounds of a histogram's buckets, where durations in milliseconds do not fit it. */
  readonly buckets?: Readonly<Record<string, readonly number[]>>;
}

/**
 * Lets the SDK write nothing, so that a program's output is its own, and leaves signals to the program: the
 * Runtime would stop every worker on SIGINT, behind the back of whoever stops them in order. Safe to call
 * twice.
 *
 * Trap: a process has one Runtime. One that is there already is left as it is, noise included; so call
 * this before the first worker or native connection. And it keeps the process alive: a command has to exit.
 *
 * @throws {MetricsEndpointError} metrics were asked for and cannot be served
 */
export function installQuietRuntime({ metrics, onWarning }: QuietRuntimeOptions = {}): void {
  try {
    Runtime.install({
      logger: new DefaultLogger(onWarning ? 'WARN' : 'ERROR', onWarning ?? (() => {})),
      shutdownSignals: [],
      telemetryOptions: {
        // Below a warning the native side writes down whole tasks, with what they carry.
        logging: { filter: onWarning ? { core: 'WARN', other: 'ERROR' } : 'OFF', forward: {} },
        ...(metrics && { metrics: prometheusAt(metrics) }),
      },
    });
  } catch (cause) {
    if (metrics !== undefined) throw new MetricsEndpointError(metrics.address, { cause });
    if (!(cause instanceof IllegalStateError)) throw cause;
  }
}

/** The port is taken, the address is not this machine's, or the Runtime was there before anybody asked for metrics. */
export class MetricsEndpointError extends Error {
  override readonly name = 'MetricsEndpointError';

  constructor(address: string, options: { readonly cause: unknown }) {
    const { message } = options.cause as Error;
    super(`Cannot serve metrics at ${address} (${message}): set another METRICS_ADDRESS`, options);
  }
}

type Metrics = NonNullable<NonNullable<RuntimeOptions['telemetryOptions']>['metrics']>;

/** Names as they are written down: no unit and no second `_total` behind them, and no prefix before ours. */
function prometheusAt({ address, buckets = {} }: MetricsEndpoint): Metrics {
  const histogramBucketOverrides = Object.fromEntries(
    Object.entries(buckets).map(([name, bounds]) => [name, [...bounds]]),
  );
  return {
    metricPrefix: 'temporal_',
    attachServiceName: false,
    prometheus: {
      bindAddress: address,
      countersTotalSuffix: false,
      unitSuffix: false,
      histogramBucketOverrides,
    },
  };
}
