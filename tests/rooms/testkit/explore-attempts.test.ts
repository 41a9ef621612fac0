import { setImmediate } from 'node:timers/promises';
import type { Context } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { createBarrier, createRecorder } from '#testkit';
import { createAttempts } from '#testkit/explore/attempts';
import { announceStop } from '#testkit/stopping';

// A zombie acts when its run has long closed: to look at the world before it has would be to miss its effect.
describe('the attempts of a trial', () => {
  it('are waited for until the last of them has ended', async () => {
    const { attempts, begin, recorder } = trial();
    const mayEnd = createBarrier(1);
    const zombie = begin(mayEnd.opened);
    let isQuiet = false;
    const quiet = attempts.quiet().then(() => (isQuiet = true));

    await setImmediate();
    expect(isQuiet, 'while an attempt stands still').toBe(false);
    await mayEnd.arrive();
    await Promise.all([zombie, quiet]);

    expect(recorder.evidence().attempts.map(({ how }) => how)).toEqual(['completed']);
  });

  it('are waited for if they begin while another one is waited for', async () => {
    const { attempts, begin, recorder } = trial();
    const [firstMayEnd, secondMayEnd] = [createBarrier(1), createBarrier(1)];
    const first = begin(firstMayEnd.opened);
    let isQuiet = false;
    const quiet = attempts.quiet().then(() => (isQuiet = true));
    const second = begin(secondMayEnd.opened);

    await firstMayEnd.arrive();
    await first;
    await setImmediate();
    expect(isQuiet, 'while the second one stands still').toBe(false);
    await secondMayEnd.arrive();
    await Promise.all([second, quiet]);

    expect(recorder.evidence().attempts.map(({ how }) => how)).toEqual(['completed', 'completed']);
  });

  it('are waited for although their worker has stopped and does not hear of them', async () => {
    const { attempts, begin, stopWorker } = trial();
    const mayEnd = createBarrier(1);
    const orphan = begin(mayEnd.opened);
    let isQuiet = false;
    const quiet = attempts.quiet().then(() => (isQuiet = true));

    stopWorker();
    await expect(orphan).rejects.toThrow('The worker stopped');
    await setImmediate();
    expect(isQuiet, 'while its effect may still come').toBe(false);
    await mayEnd.arrive();
    await quiet;
  });

  it('are not waited for any longer than the trial lasts', async () => {
    const { attempts, begin, giving } = trial();
    void begin(new Promise<void>(() => {}));
    const quiet = attempts.quiet();

    giving.abort();

    await expect(quiet).rejects.toThrow('an attempt did not end in time');
  });
});

function trial() {
  const giving = new AbortController();
  const recorder = createRecorder('an attempt');
  const attempts = createAttempts({ recorder, target: undefined, givenUp: giving.signal });
  const { context } = new MockActivityEnvironment();
  const stopping = new AbortController();
  stopIsAnnounced(context, stopping.signal);
  const call = { rootWorkflowId: 'order-1', name: 'charge', order: [1] };
  const begin = (until: Promise<void>) =>
    attempts.attempt({ context, call, run: () => until }, 'worker 1');
  return { giving, recorder, attempts, begin, stopWorker: () => stopping.abort() };
}

/** As `runWorker` does it. */
function stopIsAnnounced(context: Context, stopping: AbortSignal): void {
  for (const announce of announceStop(stopping).activity ?? []) announce(context);
}
