import { it as base, expect, inject } from 'vitest';
import type { Effect } from '#idempotency';
import type { Evidence } from './evidence.ts';
import {
  toHaveEffects,
  toHaveOneEffectEverywhere,
  toOverlap,
  toShareOneRunId,
} from './matchers.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { connectTest, type Temporal, type TestServer } from './temporal.ts';

interface Fixtures {
  /** The server of this test run, with a task queue of the test's own. */
  readonly temporal: Temporal;
  /** Notes what happens; its claim is the test's title. */
  readonly recorder: Recorder;
}

/**
 * `it` with what a chapter needs. A `globalSetup` has to provide `testServer` (see `TestServer`).
 *
 * @see https://vitest.dev/guide/test-context
 */
export const it = base.extend<Fixtures>({
  temporal: async ({}, use) => {
    await using temporal = await connectTest(inject('testServer'));
    await use(temporal);
  },
  recorder: async ({ task }, use) => use(createRecorder(task.name)),
});

expect.extend({
  toShareOneRunId,
  toHaveEffects,
  toHaveOneEffectEverywhere,
  toHaveOneEffect: (effects: readonly Effect[], key: string) => toHaveEffects(effects, key, 1),
  toOverlap: (evidence: Evidence | Recorder, n: number) =>
    toOverlap('requests' in evidence ? evidence : evidence.evidence(), n),
});

interface IdempotencyMatchers<R = unknown> {
  /** All answers name one and the same run. */
  toShareOneRunId(): R;
  /** The ledger has exactly one effect with this key. */
  toHaveOneEffect(key: string): R;
  /** The ledger has exactly `n` effects with this key. */
  toHaveEffects(key: string, n: number): R;
  /** Every fault at every activity leaves the world as it is without the fault. See `explore`. */
  toHaveOneEffectEverywhere(): R;
  /** At least `n` requests were in flight at one common instant, and no gate for so many stayed shut. */
  toOverlap(n: number): R;
}

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer;
  }
  interface Matchers<T = any> extends IdempotencyMatchers<T> {}
}
