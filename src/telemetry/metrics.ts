import type { MetricMeter } from '@temporalio/common';
import type { InFlight } from '#idempotency';
import type { KeyProgress, StartProgress } from '#temporal';

export type Metrics = ReturnType<typeof createMetrics>;

/** The bounds of the buckets of `idempotency_attempts`: its unit is attempts, and most of them are the first. */
export const BUCKETS = { idempotency_attempts: [1, 2, 3, 5, 10, 20, 50, 100] };

/**
 * What is counted. A label has few values for ever: no key, no order, no account, no tenant.
 *
 * Trap: counters are a process's own and die with it. Sum them over the processes; a replay without its first is
 * what a killed worker leaves behind. The gauges are the store's, the same in each process: take their greatest.
 */
export function createMetrics(meter: MetricMeter) {
  const starts = meter.createCounter(
    'idempotency_start_total',
    '',
    'Requests for a workflow, by what they came to: started, joined, replayed or mismatch',
  );
  const keys = meter.createCounter(
    'idempotency_key_total',
    '',
    'Tries under an idempotency key; those with the outcome "first" are effects that happened',
  );
  const attempts = meter.createHistogram(
    'idempotency_attempts',
    'int',
    '',
    'Number of the attempt that got the answer under its key: how many there were up to the effect (first), or up to this replay of it',
  );
  const inFlight = meter.createGauge(
    'idempotency_keys_in_flight',
    'int',
    '',
    'Keys of the store whose effects are under way, or stuck',
  );
  const oldest = meter.createGauge(
    'idempotency_oldest_key_in_flight_age_seconds',
    'float',
    's',
    'Age of the oldest of them; 0 where there is none',
  );

  return {
    start: (system: string, { outcome }: StartProgress) => starts.add(1, { system, outcome }),
    key(system: string, { step, outcome, attempt }: KeyProgress) {
      keys.add(1, { system, step, outcome });
      const isAnswered = outcome === 'first' || outcome === 'replay';
      if (isAnswered && attempt !== undefined) attempts.record(attempt, { system, step, outcome });
    },
    inFlight(system: string, { count, oldestAgeMs }: InFlight) {
      inFlight.set(count, { system });
      oldest.set(oldestAgeMs / 1_000, { system });
    },
  };
}
