import { trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '#config';
import { createApp } from '#http';
import type { InFlight } from '#idempotency';
import {
  createIdempotentFeeRouter,
  createMemoryAccountStore,
  type FeeProgress,
  postIdempotentFee,
} from '#systems/fees';
import { startTelemetry } from '#telemetry';
import { watchKeys } from '#telemetry/gauges';
import { startTracing } from '#telemetry/tracing';
import { installQuietRuntime } from '#temporal/quiet';
import { listen } from '#testkit';

describe('metrics that are asked for', () => {
  it('are an error where they cannot be served: the Runtime was there before', async () => {
    installQuietRuntime();
    const config = loadConfig({ METRICS_ADDRESS: '127.0.0.1:9464' });

    const starting = startTelemetry({ config, logTo: { write: () => {} } });

    await expect(starting).rejects.toThrow(
      /^Cannot serve metrics at 127\.0\.0\.1:9464 \(.+\): set another METRICS_ADDRESS$/,
    );
  });
});

describe('a collector that is away', () => {
  it('costs its spans and a line in the log, and nothing else', async () => {
    const written: string[] = [];
    const config = loadConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: await goneUrl() });
    const telemetry = await startTelemetry({
      config,
      logTo: { write: (line) => void written.push(line) },
    });

    trace.getTracer('a test').startSpan('a span').end();
    await telemetry[Symbol.asyncDispose]();

    expect(written.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      {
        level: 'error',
        system: 'traces',
        err: { type: 'UnsentSpansError', message: expect.stringContaining('ECONNREFUSED') },
      },
    ]);
  });
});

describe('a collector that takes spans and never answers', () => {
  it('keeps no process from ending, which says what became of its spans', async () => {
    await using silent = await listen(() => {});
    const faults: Error[] = [];
    const options = { onFault: (error: Error) => void faults.push(error), sendWithinMs: 1 };
    const tracing = startTracing(`${silent.url}/v1/traces`, options);

    trace.getTracer('a test').startSpan('a span').end();
    await tracing[Symbol.asyncDispose]();

    expect(faults.map(({ name, message }) => `${name}: ${message}`)).toEqual([
      'UnsentSpansError: the collector has not answered in 1 ms',
    ]);
  });
});

describe('the gauges of the keys in flight', () => {
  it('are read at once and again, an outage told once and left out, until nobody wants them any more', async () => {
    const away = new Error('The store is away');
    const answers: (InFlight | Error)[] = [
      { count: 2, oldestAgeMs: 90_000 },
      away,
      away,
      { count: 0, oldestAgeMs: 0 },
    ];
    const read: InFlight[] = [];
    const faults: unknown[] = [];

    await new Promise<void>((resolve) => {
      const watch = watchKeys({
        everyMs: 1,
        keys: {
          async inFlight() {
            const answer = answers.shift();
            if (answer instanceof Error) throw answer;
            return answer ?? { count: -1, oldestAgeMs: 0 };
          },
        },
        onRead(inFlight) {
          read.push(inFlight);
          if (read.length === 2) void watch[Symbol.asyncDispose]().then(resolve);
        },
        onFault: (error) => void faults.push(error),
      });
    });

    expect(read).toEqual([
      { count: 2, oldestAgeMs: 90_000 },
      { count: 0, oldestAgeMs: 0 },
    ]);
    expect(faults).toEqual([away]);
  });
});

describe('a key that a client sends', () => {
  it('is reported under the step http: first, replay, mismatch, and no word of who asked', async () => {
    const events: FeeProgress[] = [];
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: async () => {},
    });
    const router = createIdempotentFeeRouter({ accounts, onProgress: (one) => events.push(one) });
    await using server = await listen(createApp(router));
    const fee = { orderId: 'order-1', accountId: 'alice', amountCents: 10_00 };

    await postIdempotentFee(server.url, fee, 'key-1');
    await postIdempotentFee(server.url, fee, 'key-1');
    await postIdempotentFee(server.url, { ...fee, amountCents: 20_00 }, 'key-1');

    expect(events.filter(({ event }) => event === 'key')).toEqual(
      ['first', 'replay', 'mismatch'].map((outcome) => ({ event: 'key', step: 'http', outcome })),
    );
  });
});

/** Where somebody has listened, and nobody does. */
async function goneUrl(): Promise<string> {
  await using gone = await listen(() => {});
  return gone.url;
}
