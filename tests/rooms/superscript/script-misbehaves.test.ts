import { describe, expect, it, vi } from 'vitest';
import { plainJs } from '#fixtures/plain-js';
import { failureOf } from '#systems/superscript';
import { spawnFixture } from '#testkit';
import { misbehavingScripts, pidFile } from './script-folder.ts';

const RUNNER = await plainJs(
  new URL('../../../fixtures/processes/script-runner.ts', import.meta.url),
);
const AMPLE = { timeoutMs: 30_000, graceMs: 10_000 };

describe('a script that misbehaves', () => {
  it.each([
    { name: 'hangs.sh', how: 'hangs with a child and a grandchild', processes: 3 },
    { name: 'deaf.sh', how: 'ignores SIGTERM', processes: 2 },
    { name: 'stops-itself.sh', how: 'has stopped itself', processes: 1 },
    { name: 'leaves-group.sh', how: 'has a daemon in another session', processes: 2 },
  ])(
    'and $how is ended when nobody wants it, with all that it started',
    async ({ name, processes }) => {
      await using scripts = misbehavingScripts();
      await using written = await pidFile();
      const nobodyWantsIt = new AbortController();
      const { signal } = nobodyWantsIt;

      const options = { ...AMPLE, graceMs: 50, signal, env: written.env };
      const run = scripts.run(name, ['hang'], options);
      await written.started(processes);
      nobodyWantsIt.abort();

      expect(failureOf(name, await run)).toMatchObject({
        name: 'ScriptCancelledError',
        fatal: false,
      });
      await noneIsLeft(written);
    },
  );

  it('and goes on after SIGTERM is killed after the grace, and the first reason stays', async () => {
    await using scripts = misbehavingScripts();
    await using written = await pidFile();
    const nobodyWantsIt = new AbortController();
    const { signal } = nobodyWantsIt;

    const options = { timeoutMs: 700, graceMs: 300, signal, env: written.env };
    const run = scripts.run('deaf.sh', [], options);
    await written.started(2 + 1); // The third line is the SIGTERM that it heard.
    nobodyWantsIt.abort();
    const outcome = await run;

    expect(outcome).toMatchObject({ stopped: 'timeout', signal: 'SIGKILL', exitCode: null });
    expect(failureOf('deaf.sh', outcome)).toMatchObject({
      name: 'ScriptTimedOutError',
      fatal: false,
    });
    await noneIsLeft(written);
  });

  it('and claims success on its way out was stopped all the same', async () => {
    await using scripts = misbehavingScripts();
    await using written = await pidFile();
    const nobodyWantsIt = new AbortController();
    const { signal } = nobodyWantsIt;

    const run = scripts.run('cleans-up.sh', [], {
      ...AMPLE,
      graceMs: 100,
      signal,
      env: written.env,
    });
    await written.started(2);
    nobodyWantsIt.abort();
    const outcome = await run;

    expect(outcome).toMatchObject({ exitCode: 0, stopped: 'cancelled' });
    expect(outcome.stdout, 'what its trap said').toBe('Cleaning up resources...\n');
    expect(failureOf('cleans-up.sh', outcome)).toMatchObject({ name: 'ScriptCancelledError' });
    await noneIsLeft(written);
  });

  it.each(['leaves-child.sh', 'leaves-group.sh'])(
    'and ends before a process that holds its stdout (%s) is done, and leaves none',
    async (name) => {
      await using scripts = misbehavingScripts();
      await using written = await pidFile();

      const outcome = await scripts.run(name, [], { ...AMPLE, env: written.env });

      expect(outcome).toMatchObject({ exitCode: 0, stdout: 'paid\n', stopped: undefined });
      expect(await written.pids(), 'processes that it left').toHaveLength(1);
      await noneIsLeft(written);
    },
  );

  it('is not started when nobody wants it any more', async () => {
    await using scripts = misbehavingScripts();
    await using written = await pidFile();

    const outcome = await scripts.run('hangs.sh', [], {
      ...AMPLE,
      signal: AbortSignal.abort(),
      env: written.env,
    });

    expect(outcome).toMatchObject({ stopped: 'cancelled', exitCode: null, signal: null });
    expect(await written.pids(), 'processes that started').toEqual([]);
  });
});

describe('scripts that still run', () => {
  it('are ended when their runner is disposed of, and no other is started then', async () => {
    await using written = await pidFile();
    const scripts = misbehavingScripts();
    const runs = ['hangs.sh', 'leaves-group.sh'].map((name) =>
      scripts.run(name, ['hang'], { ...AMPLE, env: written.env }),
    );
    await written.started(3 + 2);

    await scripts[Symbol.asyncDispose]();

    expect((await Promise.all(runs)).map(({ stopped }) => stopped)).toEqual([
      'cancelled',
      'cancelled',
    ]);
    expect(await scripts.run('hangs.sh', [], AMPLE)).toMatchObject({ stopped: 'cancelled' });
    await noneIsLeft(written);
  });

  it('are ended when the process that runs them is killed, the daemon as well', async () => {
    await using written = await pidFile();
    await using runner = spawnFixture(RUNNER, { ...written.env, TMPDIR: written.folder });
    await written.started(3 + 2 + 2);

    expect(await written.living(), 'before').toHaveLength(3 + 2 + 2);
    runner.kill('SIGKILL');

    expect(await runner.exited).toBe('SIGKILL');
    await noneIsLeft(written);
  });
});

async function noneIsLeft(written: Awaited<ReturnType<typeof pidFile>>) {
  await vi.waitFor(
    async () => expect(await written.living(), 'processes that are left').toEqual([]),
    { timeout: 10_000, interval: 10 },
  );
}
