import { expect, it } from 'vitest';
import { MAX_STORED_KEY_BYTES, UnstorableKeyError } from '#idempotency';
import { type CreateStore, FEE, open } from './store-under-test.ts';

/** Which keys there are: every text is one of its own, up to a length, and what is no text is refused. */
export function keysContract(create: CreateStore): void {
  const PREFIX = 'FEE-WF-'.padEnd(MAX_STORED_KEY_BYTES - 1, 'x');
  const CASE_AND_BLANKS = ['order-1', 'ORDER-1', 'order-1 ', ' order-1', 'order-1\n', 'order_1'];
  const OF_OBJECTS = ['__proto__', 'constructor', 'toString', 'null', '0', '{"a":1}', '[]'];
  const LETTERS = ['\u00E9', 'e\u0301', '\u0130', 'i', 'ss', '\u00DF', '\u{1F4B6}', '\u{1F4B7}'];
  const OF_SQL = ["'; DROP TABLE idempotency_keys; --", '\\', '\\\\', '%00', 'order%1', '\uFFFD'];
  const LONG = ['x'.repeat(255), 'x'.repeat(256), `${PREFIX}1`, `${PREFIX}2`];
  const APART = [CASE_AND_BLANKS, OF_OBJECTS, LETTERS, OF_SQL, LONG].flat();

  it(`keeps ${APART.length} keys apart that look alike: each has its effect and its answer`, async () => {
    await using world = await open(create);
    const ask = async () =>
      await Promise.all(
        APART.map((key) =>
          world.store.once(key, FEE, async (claim) => {
            await world.act(claim);
            return `paid: ${key}`;
          }),
        ),
      );

    const firsts = await ask();
    const replays = await ask();

    const answers = (outcome: string) =>
      APART.map((key) => ({ outcome, ending: 'done', value: `paid: ${key}` }));
    expect(firsts).toEqual(answers('first'));
    expect(replays).toEqual(answers('replay'));
    expect((await world.effects()).toSorted()).toEqual(APART.toSorted());
  });

  it.each([
    ['an empty one', '', 'empty'],
    ['a NUL', 'order\u00001', 'NUL'],
    ['half of a pair', 'order-\uD83D', 'half of a character'],
    ['one that is too long', 'x'.repeat(MAX_STORED_KEY_BYTES + 1), 'at most 2048 bytes'],
    ['one whose letters take three bytes', '\u20AC'.repeat(MAX_STORED_KEY_BYTES / 2), '3072 of'],
  ])('refuses a key that not every store could keep: %s', async (_what, key, reason) => {
    await using world = await open(create);

    const asked = world.pay(key);

    await expect(asked).rejects.toThrow(UnstorableKeyError);
    await expect(asked).rejects.toThrow(reason);
    expect(await world.effects()).toEqual([]);
  });
}
