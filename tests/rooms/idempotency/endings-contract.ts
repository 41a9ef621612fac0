import { expect, it } from 'vitest';
import { NotAttempted, Refused, UnstorableAnswerError } from '#idempotency';
import { type CreateStore, FEE, type Kind, open } from './store-under-test.ts';

/** The four endings of an effect, told apart by what is known of it. The first, done, is everywhere else. */
export function endingsContract(kind: Kind, create: CreateStore): void {
  storesRefusals(create);
  releasesWhatDidNotHappen(create);
  keepsWhatIsUnknown(kind, create);
  meetsAnswersWithoutJson(kind, create);
}

class NoFunds extends Refused {
  override readonly name = 'NoFunds';
}

function storesRefusals(create: CreateStore): void {
  it('keeps a refusal where refusals are stored, and replays its answer', async () => {
    await using world = await open(create);
    let tries = 0;
    const ask = () =>
      world.store.once(
        'order-1',
        FEE,
        async () => {
          tries += 1;
          throw new NoFunds('No funds', { answer: { status: 402, left: 3 } });
        },
        { refusals: 'store' },
      );

    const outcomes = [await ask(), await ask()];

    const refused = { ending: 'refused', value: { status: 402, left: 3 } };
    expect(outcomes).toEqual([
      { outcome: 'first', ...refused },
      { outcome: 'replay', ...refused },
    ]);
    expect(tries, 'tries').toBe(1);
    expect(await world.pay('order-1'), 'after a top-up').toEqual({ outcome: 'replay', ...refused });
    expect(await world.effects()).toEqual([]);
  });

  it('keeps a refusal without an answer', async () => {
    await using world = await open(create);
    const refuse = async () => {
      throw new Refused('No funds');
    };
    const ask = () => world.store.once('order-1', FEE, refuse, { refusals: 'store' });

    expect(await ask()).toEqual({ outcome: 'first', ending: 'refused', value: undefined });
    expect(await ask()).toEqual({ outcome: 'replay', ending: 'refused', value: undefined });
  });
}

function releasesWhatDidNotHappen(create: CreateStore): void {
  class BadInput extends NotAttempted {
    override readonly name = 'BadInput';
  }
  const NOTHING_HAPPENED: [string, Error, 'store' | 'release'][] = [
    ['a refusal where refusals are released', new NoFunds('No funds'), 'release'],
    ['an effect that was not attempted', new BadInput('No such account'), 'release'],
    ['the same where refusals are stored', new BadInput('No such account'), 'store'],
  ];

  it.each(NOTHING_HAPPENED)('frees the key of %s', async (_what, error, refusals) => {
    await using world = await open(create);
    const refuse = async () => {
      throw error;
    };

    const refused = world.store.once('order-1', FEE, refuse, { refusals });

    await expect(refused, 'the very error').rejects.toBe(error);
    const paid = await world.store.once('order-1', 'after a top-up', world.act, { refusals });
    expect(paid, 'the same key again').toMatchObject({ outcome: 'first' });
    expect(await world.effects()).toEqual(['order-1']);
  });
}

function keepsWhatIsUnknown(kind: Kind, create: CreateStore): void {
  const UNKNOWN: [string, unknown][] = [
    ['a lost connection', new Error('The connection was reset')],
    ['a bug', new TypeError('x is not a function')],
    ['no error at all', 'a text'],
  ];

  it.each(UNKNOWN)(
    'has one effect when it happened and then ended with %s',
    async (_what, error) => {
      await using world = await open(create, { leaseMs: 60_000 });

      await expect(world.payAndThrow('order-1', error), 'the very error').rejects.toBe(error);
      const again = await world.pay('order-1');

      // Freeing the key on every throw is the classic bug: the effect that happened would happen again.
      expect(again.outcome).toBe(kind === 'rolls back' ? 'first' : 'in-flight');
      expect(await world.effects(), 'effects').toEqual(['order-1']);
    },
  );

  it(`${kind} what is unknown where refusals are stored as well`, async () => {
    await using world = await open(create);

    const unknown = world.payAndThrow('order-1', new Error('reset'), { refusals: 'store' });

    await expect(unknown).rejects.toThrow('reset');
    expect((await world.pay('order-1')).outcome).toBe(
      kind === 'rolls back' ? 'first' : 'in-flight',
    );
    expect(await world.effects(), 'effects').toEqual(['order-1']);
  });
}

function meetsAnswersWithoutJson(kind: Kind, create: CreateStore): void {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  const hostile = {
    toJSON() {
      throw new NotAttempted('which is not true');
    },
  };
  const NO_JSON: [string, unknown][] = [
    ['a BigInt', { cents: 10n }],
    ['a cycle', cycle],
    ['an object whose toJSON throws', hostile],
  ];

  it.each(NO_JSON)(
    'has one effect when its answer is %s, which is unknown',
    async (_what, answer) => {
      await using world = await open(create);

      const paid = world.store.once('order-1', FEE, async (claim) => {
        await world.act(claim);
        return answer;
      });

      await expect(paid).rejects.toThrow(UnstorableAnswerError);
      await expect(paid).rejects.toThrow('"order-1"');
      const again = await world.pay('order-1');
      expect(again.outcome).toBe(kind === 'rolls back' ? 'first' : 'in-flight');
      expect(await world.effects(), 'effects').toEqual(['order-1']);
    },
  );

  it('frees the key of a refusal whose answer cannot be kept: nothing happened', async () => {
    await using world = await open(create);
    const refuse = async () => {
      throw new Refused('No funds', { answer: 10n });
    };

    const refused = world.store.once('order-1', FEE, refuse, { refusals: 'store' });

    await expect(refused).rejects.toThrow(UnstorableAnswerError);
    expect(await world.pay('order-1')).toMatchObject({ outcome: 'first' });
  });
}
