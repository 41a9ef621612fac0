import { describe, expect, it } from 'vitest';
import { createJudge, isGood, readExercises } from '#workshop';

describe('a judge that is asked for a second thing while it judges', { timeout: 60_000 }, () => {
  it('judges each by its own implementation: a picture asks for the starter while a save is judged', async () => {
    await using judge = await createJudge({
      testServer: () => Promise.reject(new Error('The first exercise needs no server')),
    });
    const [exercise] = readExercises();
    if (!exercise) throw new Error('there are exercises');

    const [saves, pictures] = await Promise.all([
      judge.judge([
        { exercise, variant: 'starter' },
        { exercise, variant: 'solution' },
      ]),
      judge.judge([{ exercise, variant: 'starter' }]),
    ]);

    expect(saves.map(isGood), 'two variants that were asked for at once').toEqual([false, true]);
    expect(pictures.map(isGood)).toEqual([false]);
  });
});
