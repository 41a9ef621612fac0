import { setImmediate } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { createBarrier, createRecorder } from '#testkit';
import { createAttempts } from '#testkit/explore/attempts';

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
  const call = { rootWorkflowId: 'order-1', name: 'charge', order: [1] };
  const begin = (until: Promise<void>) =>
    attempts.attempt({ context, call, run: () => until }, 'worker 1');
  return { giving, recorder, attempts, begin };
}
