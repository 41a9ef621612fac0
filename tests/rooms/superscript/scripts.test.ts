import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { it } from '#testkit/vitest';
import { createTill, keysOf, SCRIPTS, storyOf } from './payment-scripts.ts';

describe('a payment script without keys', () => {
  it('tells its two steps, and pays as often as it is started: twice', async () => {
    await using till = await createTill();

    const told = { exit: 0, stdout: storyOf('42'), stderr: '' };
    expect(await till.single('42')).toEqual(told);
    expect(await till.single('42', { PAYMENT_BY: 'the\tnight\nshift' })).toEqual(told);

    const effects = await till.effects();
    expect(effects).toHaveEffects('42/collect', 2);
    expect(effects).toHaveEffects('42/confirm', 2);
    expect(effects.map(({ by }) => by).slice(2), 'who paid the second time').toEqual([
      'the night shift',
      'the night shift',
    ]);
  });

  it('pays 5 times when five start it at once, and breaks no line of the ledger', async () => {
    await using till = await createTill();

    await Promise.all(Array.from({ length: 5 }, () => till.single('42')));

    expect(await till.effects()).toHaveEffects('42/collect', 5);
    expect(await till.effects()).toHaveEffects('42/confirm', 5);
  });
});

describe('a payment script with keys', () => {
  it('tells the same the second time, and pays once', async () => {
    await using till = await createTill();
    const told = { exit: 0, stdout: storyOf('42'), stderr: '' };

    expect(await till.single('42', keysOf('42'))).toEqual(told);
    expect(await till.single('42', keysOf('42'))).toEqual({
      ...told,
      stderr: 'Step 1 was done before: wf-42/collect\nStep 2 was done before: wf-42/confirm\n',
    });

    expect(await till.effects()).toHaveOneEffect('42/collect');
    expect(await till.effects()).toHaveOneEffect('42/confirm');
  });

  it('can stop after step 1, and the whole script then goes on at step 2', async () => {
    await using till = await createTill();

    const half = await till.single('42', { ...keysOf('42'), PAYMENT_STOP_AFTER: '1' });
    expect(half).toEqual({ exit: 0, stdout: storyOf('42', 'Step 1'), stderr: '' });
    expect(await till.effects()).toHaveEffects('42/confirm', 0);

    const whole = await till.single('42', keysOf('42'));
    expect(whole).toMatchObject({ exit: 0, stdout: storyOf('42') });
    expect(await till.effects()).toHaveOneEffect('42/collect');
    expect(await till.effects()).toHaveOneEffect('42/confirm');
  });

  it.each(['what this machine locks with', 'perl, where there is no flock'])(
    'pays once when twenty come at once and each takes its time between look and write (%s)',
    async (locker) => {
      await using till = await createTill();
      const slow = await pathOfSlowLooks(till);
      const PATH = locker.startsWith('perl') ? slow : [slow, process.env.PATH].join(delimiter);
      const env = { ...keysOf('42'), PAYMENT_STOP_AFTER: '1', PATH };
      // In a ledger that is empty there is nothing to look for.
      await till.single('41');

      const endings = await Promise.all(Array.from({ length: 20 }, () => till.single('42', env)));

      expect(endings.map(({ exit }) => exit)).toEqual(Array(20).fill(0));
      const stories = new Set(endings.map(({ stdout }) => stdout));
      expect(stories).toEqual(new Set([storyOf('42', 'Step 1')]));
      expect(await till.effects()).toHaveOneEffect('42/collect');
    },
  );

  it('takes no key for another that it is a part of, or a pattern of', async () => {
    await using till = await createTill();
    // Each is a part of one before it, a pattern of it, or the same number.
    const asked = ['xwf-11', 'wf-11', 'wf-1', 'wf-.', '1.0', '1', '01', 'collect'];

    for (const key of asked) await till.single('42', { PAYMENT_STEP1_KEY: key });

    const collected = (await till.effects()).filter(({ step }) => step === 'collect');
    expect(collected.map(({ idempotencyKey }) => idempotencyKey)).toEqual(asked);
  });

  it('exits 65 for a key that has paid another order, or another step', async () => {
    await using till = await createTill();
    await till.single('42', { PAYMENT_STEP1_KEY: 'wf-42' });

    const order = await till.single('43', { PAYMENT_STEP1_KEY: 'wf-42' });
    const step = await till.single('42', {
      PAYMENT_STEP1_KEY: 'wf-42',
      PAYMENT_STEP2_KEY: 'wf-42',
    });

    const why = 'the key wf-42 belongs to another payment (collect 42)\n';
    expect(order).toEqual({
      exit: 65,
      stdout: storyOf('43', 'Starting processing step 1'),
      stderr: `ERROR: Script terminated with exit code: 65 - Step 1 failed: ${why}`,
    });
    expect(step).toMatchObject({ exit: 65, stdout: storyOf('42', 'Starting processing step 2') });
    expect((await till.effects()).length, 'lines: one payment, and nothing else').toBe(2);
  });
});

describe('a payment script that is ended in the middle', () => {
  it('by SIGKILL after its effect has not told it; the next one tells it, and pays once', async () => {
    await using till = await createTill();
    const env = { ...keysOf('42'), PAYMENT_STEP1_ANSWER_DELAY_MS: '600000' };
    const killed = till.start(join(SCRIPTS, 'single_payment_collection.sh'), ['42'], env);
    await vi.waitFor(async () => expect(await till.effects()).toHaveOneEffect('42/collect'));
    process.kill(-killed.pid, 'SIGKILL');

    expect(await killed.ended).toMatchObject({
      exit: 'SIGKILL',
      stdout: expect.not.stringContaining('Step 1 completed'),
    });
    // Step 1 was done before, so it does not wait for ten minutes either.
    expect(await till.single('42', env)).toEqual({
      exit: 0,
      stdout: storyOf('42'),
      stderr: 'Step 1 was done before: wf-42/collect\n',
    });
    expect(await till.effects()).toHaveOneEffect('42/collect');
  });

  it.each([
    { signal: 'SIGTERM', code: 143 },
    { signal: 'SIGINT', code: 130 },
  ] as const)(
    'by $signal while it waits cleans up, exits $code, leaves no process',
    async (ended) => {
      await using till = await createTill();
      const env = { PAYMENT_STEP1_DELAY_MS: '600000' };
      const script = till.start(join(SCRIPTS, 'single_payment_collection.sh'), ['42'], env);
      await script.said('processing step 1');
      process.kill(script.pid, ended.signal);

      expect(await script.ended).toEqual({
        exit: ended.code,
        stdout: storyOf('42', 'Starting processing step 1'),
        stderr: `ERROR: Script terminated with exit code: ${ended.code} - Stopped by ${ended.signal}\n`,
      });
      expect(() => process.kill(-script.pid, 0), 'its process group').toThrow('ESRCH');
      expect(await till.effects()).toHaveEffects('42/collect', 0);
    },
  );

  it('by SIGTERM while it stands in the queue for the ledger has no effect, and leaves the queue', async () => {
    await using till = await createTill();
    const hold = `source '${SCRIPTS}func_collect_payment.sh'; lock; echo held; read -r`;
    const lock = `{ ${hold}; } 9>>'${till.path}.lock'`;
    const holder = till.start('bash', ['-c', lock]);
    await holder.said('held');
    const script = till.start(join(SCRIPTS, 'single_payment_collection.sh'), ['42'], keysOf('42'));
    await script.said('processing step 1');
    process.kill(script.pid, 'SIGTERM');

    expect(await script.ended).toMatchObject({ exit: 143 });
    expect(() => process.kill(-script.pid, 0), 'its process group').toThrow('ESRCH');
    expect(await till.effects()).toHaveEffects('42/collect', 0);

    // A lock ends with its process, however that ended: the next one does not wait.
    process.kill(-holder.pid, 'SIGKILL');
    expect(await till.single('42', keysOf('42'))).toMatchObject({ exit: 0 });
  });
});

/**
 * A PATH with what the scripts need, and without flock: as on macOS. Whoever looks into the ledger gets the answer late,
 * so that without a lock others would write meanwhile.
 */
async function pathOfSlowLooks(till: Awaited<ReturnType<typeof createTill>>): Promise<string> {
  const names = ['awk', 'bash', 'perl', 'tail', 'sleep', 'date'];
  const { stdout } = await till.start('bash', ['-c', `type -P ${names.join(' ')}`]).ended;
  const [awk = '', ...others] = stdout.trim().split('\n');
  const bin = join(till.folder, 'bin');
  await mkdir(bin);
  for (const program of others) await symlink(program, join(bin, basename(program)));
  const late = `#!/usr/bin/env bash\n'${awk}' "$@" || exit\nsleep 0.02\n`;
  await writeFile(join(bin, 'awk'), late, { mode: 0o755 });
  const flock = await till.start('bash', ['-c', 'command -v flock'], { PATH: bin }).ended;
  expect(flock.exit, 'the exit code of a search for flock').toBe(1);
  return bin;
}
