import { describe, expect, it } from 'vitest';
import { BrokenBarrierError, concurrently, createBarrier } from '#testkit';

describe('a barrier for three', () => {
  it('lets nobody pass before the third is there, and then all', async () => {
    const barrier = createBarrier(3);
    const passed: string[] = [];
    const pass = async (name: string) => {
      await barrier.arrive();
      passed.push(name);
    };

    const [first, second] = [pass('first'), pass('second')];
    await everythingElse();
    expect({ arrivals: barrier.arrivals, passed }).toEqual({ arrivals: 2, passed: [] });
    await Promise.all([first, second, pass('third')]);

    expect(barrier.arrivals).toBe(3);
    expect(passed).toEqual(['first', 'second', 'third']);
  });

  it('stays open for whoever comes later, and for whoever only watches', async () => {
    let openings = 0;
    const barrier = createBarrier(1, { onOpen: () => (openings += 1) });

    await Promise.all([barrier.arrive(), barrier.arrive(), barrier.opened]);
    barrier.break(new Error('too late'));

    await barrier.arrive();
    expect(openings, 'openings').toBe(1);
  });

  it('fails for all when it is broken, with the cause, and never opens after it', async () => {
    let openings = 0;
    const barrier = createBarrier(3, { onOpen: () => (openings += 1) });
    const waiting = [barrier.arrive(), barrier.arrive(), barrier.opened];
    const cause = new Error('the third has an accident');

    barrier.break(cause);
    waiting.push(barrier.arrive());

    const ends = await Promise.allSettled(waiting);
    for (const end of ends) {
      const reason: unknown = end.status === 'rejected' ? end.reason : 'passed';
      expect(reason).toBeInstanceOf(BrokenBarrierError);
      expect(reason).toMatchObject({ message: 'Only 2 of 3 arrived at the barrier', cause });
    }
    expect(openings, 'openings').toBe(0);
  });

  it('that is broken while nobody waits disturbs nobody', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', onUnhandled);

    createBarrier(2).break(new Error('nobody hears of it'));
    await everythingElse();
    process.off('unhandledRejection', onUnhandled);

    expect(unhandled).toEqual([]);
  });
});

describe('a barrier for nobody', () => {
  it.each([0, -1, 1.5, Number.NaN])('is refused: %d parties', (parties) => {
    expect(() => createBarrier(parties)).toThrow(RangeError);
  });
});

describe('concurrently', () => {
  it('gives the answers in the order of the parties, whoever is done first', async () => {
    const lastIsDone = createBarrier(1);

    const answers = await concurrently(3, async ({ number, name, barrier }) => {
      await barrier.arrive();
      if (number === 3) await lastIsDone.arrive();
      else await lastIsDone.opened;
      return name;
    });

    expect(answers).toEqual(['client 1', 'client 2', 'client 3']);
  });

  it('throws the first failure, and not before all parties have ended', async () => {
    const planted = new Error('the second has an accident');
    const ended: string[] = [];

    const error = await concurrently(3, async ({ number, name, barrier }) => {
      try {
        if (number === 2) throw planted;
        await barrier.arrive();
      } finally {
        await everythingElse();
        ended.push(name);
      }
    }).catch((reason: unknown) => reason);

    expect(error).toBe(planted);
    expect(ended.toSorted(), 'who has ended').toEqual(['client 1', 'client 2', 'client 3']);
  });

  it('refuses to run nobody', async () => {
    await expect(concurrently(0, async () => {})).rejects.toThrow(RangeError);
  });
});

/** Lets all that is ready to run have its turn. */
function everythingElse(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
