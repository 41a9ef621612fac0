import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { plainJs } from '#fixtures/plain-js';
import { FixtureDiedError, spawnFixture } from '#testkit';

const TALKER = new URL('../../../fixtures/processes/talker.ts', import.meta.url);
const PLAIN_TALKER = await plainJs(TALKER);
const ENDPOINT = await plainJs(
  new URL('../../../fixtures/processes/fee-endpoint.ts', import.meta.url),
);

describe('a fixture', () => {
  it('is a process of its own with what is added to the environment, and ends with its code', async () => {
    await using talker = spawnFixture(PLAIN_TALKER, { GREETING: 'hello' });

    // Asked for twice, and the second word first: what was said before is kept.
    const pids = await Promise.all([talker.said('ready'), talker.said('ready')]);
    talker.send('end', { exitCode: 7 });

    expect(pids).toEqual([talker.pid, talker.pid]);
    expect(talker.pid).not.toBe(process.pid);
    expect(await talker.said('environment')).toBe('hello');
    expect(await talker.exited, 'exit code').toBe(7);
    expect(await talker.said('ready'), 'after its end').toBe(talker.pid);
  });

  it('that dies without the word is an error with its stderr, and so is every later word', async () => {
    await using talker = spawnFixture(TALKER);
    const awaited = talker.said('a word that it does not know');

    talker.send('end', { error: 'planted' });

    const error = await awaited.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FixtureDiedError);
    expect(String(error)).toMatch(
      /processes\/talker\.ts ended \(1\) too early\. .*Error: planted/s,
    );
    await expect(talker.said('another')).rejects.toThrow(FixtureDiedError);
  });

  it('names the signal that killed it', async () => {
    await using talker = spawnFixture(PLAIN_TALKER);
    await talker.said('ready');

    talker.kill('SIGTERM');

    expect(await talker.exited).toBe('SIGTERM');
  });

  it('does nothing while it is frozen, and goes on when it is thawed', async () => {
    await using frozen = spawnFixture(PLAIN_TALKER);
    await frozen.said('ready');
    let hasEnded = false;
    void frozen.exited.then(() => (hasEnded = true));

    frozen.freeze();
    frozen.send('end', { exitCode: 7 });
    await using other = spawnFixture(PLAIN_TALKER);
    await other.said('ready');
    other.send('end', { exitCode: 8 });
    expect(await other.exited, 'exit code of one that began later').toBe(8);
    expect(hasEnded, 'the frozen one has ended').toBe(false);

    frozen.thaw();
    expect(await frozen.exited, 'exit code').toBe(7);
  });

  it('is killed when it is disposed of, frozen or not', async () => {
    const talker = spawnFixture(PLAIN_TALKER);
    await talker.said('ready');
    const frozen = spawnFixture(PLAIN_TALKER);
    await frozen.said('ready');
    frozen.freeze();

    await Promise.all([talker[Symbol.asyncDispose](), frozen[Symbol.asyncDispose]()]);

    expect(await talker.exited).toBe('SIGKILL');
    expect(await frozen.exited).toBe('SIGKILL');
    expect(() => process.kill(talker.pid, 0), 'a signal to its process').toThrow('ESRCH');
  });

  it('ends by itself when its test is gone, although it only speaks and never listens', async ({
    signal,
  }) => {
    const endpoint = fork(fileURLToPath(ENDPOINT), { execArgv: [] });
    await using _ = { [Symbol.asyncDispose]: async () => void endpoint.kill('SIGKILL') };
    const [message] = await once(endpoint, 'message');
    expect(message).toMatchObject({ word: 'listening' });

    endpoint.disconnect(); // So does the death of the test's process.

    expect(await once(endpoint, 'exit', { signal }), 'exit code and signal').toEqual([0, null]);
  });
});
