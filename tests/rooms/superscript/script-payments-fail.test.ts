import { existsSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { it } from '#testkit/vitest';
import { createTill, keysOf, SCRIPTS, storyOf } from './payment-scripts.ts';

const AT = '2026-01-31T23:59:58Z';

describe('a payment script that fails on order', () => {
  it.each([
    { setting: 'PAYMENT_STEP1_FAILS', code: 1, step: 1, why: 'the payment was not collected' },
    { setting: 'PAYMENT_STEP2_GARBAGE', code: 3, step: 2, why: 'garbage in the answer' },
    { setting: 'PAYMENT_STEP2_TIMES_OUT', code: 4, step: 2, why: 'no answer in time' },
  ])('exits $code twice for $setting=2, then pays and keeps what was done', async (failure) => {
    await using till = await createTill();
    const env = { ...keysOf('42'), [failure.setting]: '2' };

    const endings = [];
    for (let tries = 0; tries < 3; tries++) endings.push(await till.single('42', env));

    const failed = {
      exit: failure.code,
      stdout: storyOf('42', `Starting processing step ${failure.step}`),
      stderr: expect.stringContaining(
        `ERROR: Script terminated with exit code: ${failure.code} - Step ${failure.step} failed: ${failure.why}\n`,
      ),
    };
    expect(endings).toEqual([
      failed,
      failed,
      expect.objectContaining({ exit: 0, stdout: storyOf('42') }),
    ]);
    expect(await till.effects()).toHaveOneEffect('42/collect');
    expect(await till.effects()).toHaveOneEffect('42/confirm');
  });

  it('at random fails the same orders for the same seed', async () => {
    const seeded = async (seed: string) => {
      await using till = await createTill();
      const env = { PAYMENT_FAILURE_PERCENT: '50', PAYMENT_SEED: seed };
      const orders = Array.from({ length: 12 }, (_, index) => String(1000 + index));
      return await Promise.all(orders.map(async (order) => (await till.single(order, env)).exit));
    };

    const first = await seeded('1');
    expect(first).toContain(0);
    expect(new Set(first).size, 'ways to end').toBeGreaterThan(1);
    expect(await seeded('1')).toEqual(first);
    expect(await seeded('2')).not.toEqual(first);
  });

  it('always succeeds, and knows no keys, where it is the happy one', async () => {
    await using till = await createTill();
    const env = { ...keysOf('42'), PAYMENT_STEP1_FAILS: '9', PAYMENT_FAILURE_PERCENT: '100' };

    for (let run = 0; run < 2; run++) {
      const told = { exit: 0, stdout: storyOf('42'), stderr: '' };
      expect(await till.run('happy', ['42'], env)).toEqual(told);
    }
    expect(await till.effects()).toHaveEffects('42/collect', 2);
  });
});

describe('a payment script that is asked badly', () => {
  it.each([
    { what: 'no order ID', args: [] },
    { what: 'an empty one', args: [''] },
    { what: 'two', args: ['42', '43'] },
    { what: 'a second line', args: ['42\n43'] },
    { what: 'a blank', args: ['42 '] },
    { what: 'a command', args: ['42; touch x'] },
  ])('exits 2 for $what, tells its usage, and touches nothing', async ({ args }) => {
    await using till = await createTill();

    expect(await till.run('single', args)).toEqual({
      exit: 2,
      stdout: 'Cleaning up resources...\n',
      stderr: expect.stringMatching(/^Usage: single_payment_collection\.sh ORDER_ID .*\n$/),
    });
    expect(existsSync(till.path), 'a ledger').toBe(false);
    expect(existsSync(join(till.folder, 'x')), 'what a command would have made').toBe(false);
  });

  it.each([
    { name: 'PAYMENT_STEP1_FAILS', value: 'often' },
    { name: 'PAYMENT_STEP2_DELAY_MS', value: '-1' },
    { name: 'PAYMENT_FAILURE_PERCENT', value: '101' },
    { name: 'PAYMENT_STOP_AFTER', value: '2' },
    { name: 'PAYMENT_LEDGER', value: 'payments.ledger' },
    { name: 'PAYMENT_STEP1_KEY', value: '' },
    { name: 'PAYMENT_STEP1_KEY', value: '-' },
    { name: 'PAYMENT_STEP2_KEY', value: 'two\tfields' },
  ])('exits 78 before its first step for $name=$value, in one line', async ({ name, value }) => {
    await using till = await createTill();

    expect(await till.single('42', { [name]: value })).toEqual({
      exit: 78,
      stdout: 'Cleaning up resources...\n',
      stderr: expect.stringMatching(new RegExp(`^${name} .*\n$`)),
    });
    expect(await till.effects()).toEqual([]);
  });
});

describe('a payment script whose ledger cannot be written', () => {
  it('fails where its folder is not there', async () => {
    await using till = await createTill();

    const ending = await till.single('42', { PAYMENT_LEDGER: '/nowhere/payments.ledger' });
    expect(ending).toMatchObject({ exit: 1, stdout: storyOf('42', 'Starting processing step 1') });
    expect(ending.stderr).toContain(
      'Step 1 failed: the ledger /nowhere/payments.ledger cannot be used',
    );
  });

  it.runIf(existsSync('/dev/full'))('fails on a full disk; with keys it refuses to', async () => {
    await using till = await createTill();
    await symlink('/dev/full', till.path);

    expect(await till.single('42')).toMatchObject({
      exit: 1,
      stdout: storyOf('42', 'Starting processing step 1'),
    });
    expect(await till.single('42', keysOf('42'))).toMatchObject({ exit: 78 });
  });

  it('fails where half a line is written, and pays once when there is room', async () => {
    await using till = await createTill();
    // bash counts 1,024 bytes: so much is left that the key is whole in the torn line, and its end is not.
    const before = `${AT}\t7\tcollect\t-\t${'x'.repeat(900)}\n`;
    await writeFile(till.path, before);
    const full = `trap '' XFSZ; ulimit -f 1; exec '${SCRIPTS}single_payment_collection.sh' 42`;
    const by = { PAYMENT_BY: 'y'.repeat(200) };

    const torn = await till.start('bash', ['-c', full], { ...keysOf('42'), ...by }).ended;
    expect(torn).toMatchObject({ exit: 1, stdout: storyOf('42', 'Starting processing step 1') });
    expect(await till.lines(), 'what is left').toMatch(/\t42\tcollect\twf-42\/collect\ty+$/);
    expect(await till.effects()).toHaveEffects('42/collect', 0);

    const paid = { exit: 0, stdout: storyOf('42'), stderr: '' };
    expect(await till.single('42', keysOf('42')), 'nothing was done before').toEqual(paid);
    expect(await till.single('42', keysOf('42'))).toMatchObject({ exit: 0, stdout: paid.stdout });
    expect(await till.effects()).toHaveOneEffect('42/collect');
    expect(await till.effects()).toHaveOneEffect('42/confirm');
  });
});

describe('the traditional batch', () => {
  it('pays its ten orders one after the other, and all of them again the next time', async () => {
    await using till = await createTill();

    const [first, second] = [
      await till.run('traditional', [], keysOf('1')),
      await till.run('traditional', [], keysOf('1')),
    ];

    expect(second).toEqual(first);
    expect(first).toMatchObject({ exit: 0, stderr: '' });
    expect(first.stdout).toContain(
      'Total OrderIDs processed: 10\nSuccessful: 10\nFailed: 0\nSuccess rate: 100%\n',
    );
    const effects = await till.effects();
    expect(effects.length, 'steps of ten orders, twice').toBe(2 * 10 * 2);
    for (const order of ['7307', '8448']) expect(effects).toHaveEffects(`${order}/collect`, 2);
  });

  it('goes on after a failure, counts it, exits 1, and is coloured where that is asked for', async () => {
    await using till = await createTill();

    const ending = await till.run('traditional', ['42', 'x', '43'], { FORCE_COLOR: '1' });

    expect(ending.exit).toBe(1);
    expect(ending.stdout).toContain('\u001B[31mOrderID x: failed with exit code 2');
    expect(ending.stdout).toContain('\u001B[31mFailed: 1');
    expect(ending.stdout).toContain('Success rate: 66%');
    expect(await till.effects()).toHaveOneEffect('43/confirm');
    const plain = await till.run('traditional', ['x'], { FORCE_COLOR: '1', NO_COLOR: '1' });
    expect(plain.stdout).not.toContain('\u001B');
  });
});
