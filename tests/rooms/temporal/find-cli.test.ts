import { EventEmitter, once } from 'node:events';
import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainJs } from '#fixtures/plain-js';
import { type Download, downloadWithSdk } from '#temporal/cli/download';
import { type FindCliOptions, findCli } from '#temporal/cli/find';
import type { CliProgress } from '#temporal/cli/progress';
import { MINIMUM_SERVER_VERSION } from '#temporal/cli/version';
import { spawnFixture } from '#testkit';
import { BUILDS, createGate, createMachine, type Machine, temporal } from './machine.ts';

const OUR_NAME = `temporal-1.5.1-${process.platform}-${process.arch}`;

const noNetwork: Download = () => Promise.reject(new Error('no network'));

/** A download that works. */
const download: Download = (folder) =>
  writeFile(join(folder, 'temporal-v1.5.1'), `#!/bin/sh\n${temporal()}\n`);

function find({ config, env }: Machine, options: Partial<FindCliOptions> = {}) {
  const progress: CliProgress[] = [];
  const onProgress = (event: CliProgress) => void progress.push(event);
  const cli = findCli({ config, env, onProgress, download: noNetwork, ...options });
  return Object.assign(cli, { progress });
}

const FINDER = await plainJs(new URL('../../../fixtures/executables/find-cli.ts', import.meta.url));

describe('the CLI that TEMPORAL_CLI_PATH names', () => {
  it('is taken before the one on PATH', async () => {
    await using machine = await createMachine();
    await machine.write('bin/temporal', temporal());
    const cliPath = await machine.write('mine', temporal('1.30.0', '1.6.0'));

    const cli = await find(machine, { config: { ...machine.config, cliPath } });

    expect(cli).toEqual({
      path: cliPath,
      from: 'TEMPORAL_CLI_PATH',
      version: '1.6.0',
      serverVersion: '1.30.0',
    });
  });

  it.each([
    ['is too old', temporal('1.28.9'), /has server 1\.28\.9, and 1\.29\.0 is the minimum/],
    ['fails', 'echo "wrong machine" >&2; exit 1', /does not run: exit code 1: wrong machine/],
    ['is no Temporal', 'echo hello', /does not say which server it has: "hello"/],
  ])('is an error when it %s, though PATH has a good one', async (_how, script, why) => {
    await using machine = await createMachine();
    await machine.write('bin/temporal', temporal());
    const cliPath = await machine.write('mine', script);

    const search = find(machine, { config: { ...machine.config, cliPath } });

    await expect(search).rejects.toMatchObject({ name: 'CliPathError', path: cliPath });
    await expect(search).rejects.toThrow(why);
    expect(search.progress, 'steps of a download or a build').toEqual([]);
  });

  it('is an error when nothing is there', async () => {
    await using machine = await createMachine();
    const cliPath = join(machine.folder, 'nothing');

    const search = find(machine, { config: { ...machine.config, cliPath } });

    await expect(search).rejects.toThrow(/TEMPORAL_CLI_PATH: .*nothing does not run/);
  });
});

describe('a CLI on PATH', () => {
  it.each([
    [MINIMUM_SERVER_VERSION, '1.5.0'],
    ['1.29.1', '0.0.0-DEV'],
    ['2.0.0', '3.0.0'],
  ])('is taken with server %s, whatever its own version (%s)', async (server, version) => {
    await using machine = await createMachine();
    const path = await machine.write('bin/temporal', temporal(server, version));

    expect(await find(machine)).toEqual({ path, from: 'PATH', version, serverVersion: server });
  });

  it('is passed over for the one in the cache when its server is too old', async () => {
    await using machine = await createMachine();
    await machine.write('bin/temporal', temporal('1.9.9'));
    const path = await machine.write(`cache/${OUR_NAME}`, temporal());

    const search = find(machine);

    expect(await search).toMatchObject({ path, from: 'cache' });
    expect(search.progress, 'steps of a download or a build').toEqual([]);
  });
});

describe('a machine without a CLI', () => {
  it('downloads one, and finds it in the cache the next time', async () => {
    await using machine = await createMachine();
    await machine.writeGo(BUILDS);
    const path = join(machine.cacheDir, OUR_NAME);

    expect(await find(machine, { download })).toMatchObject({ path, from: 'download' });
    expect(await find(machine)).toMatchObject({ path, from: 'cache' });
    expect(await machine.installs(), 'builds').toEqual([]);
    expect(await machine.cached()).toEqual([OUR_NAME]);
  });

  it('builds the pinned version when the SDK cannot download', async () => {
    await using machine = await createMachine();
    await machine.writeGo(BUILDS);
    const deadEnd = 'http://127.0.0.1:1';
    const env = { ...machine.env, HTTPS_PROXY: deadEnd, https_proxy: deadEnd };

    const cli = await find(machine, { env, download: downloadWithSdk });

    expect(cli).toMatchObject({ path: join(machine.cacheDir, OUR_NAME), from: 'build' });
    expect(await machine.installs()).toEqual([
      'install -v -ldflags -s -w -X github.com/temporalio/cli/temporalcli.Version=1.5.1 github.com/temporalio/cli/cmd/temporal@v1.5.1',
    ]);
    expect(await machine.cached()).toEqual([OUR_NAME]);
  });

  it('ends a download that does not come to an end, and builds', async () => {
    await using machine = await createMachine();
    await machine.writeGo(BUILDS);
    let ended: unknown;
    const hanging: Download = (_folder, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject((ended = signal.reason)));
      });

    const config = { ...machine.config, cliDownloadTimeoutMs: 1 };
    const cli = await find(machine, { config, download: hanging });

    expect(cli.from).toBe('build');
    expect(ended).toMatchObject({ name: 'TimeoutError' });
  });

  it('makes a new binary when the one in the cache does not run', async () => {
    await using machine = await createMachine();
    await machine.write(`cache/${OUR_NAME}`, 'exit 1');

    expect(await find(machine, { download })).toMatchObject({ from: 'download' });
    expect(await find(machine)).toMatchObject({ from: 'cache' });
  });

  it('tells what it does as long as it does it', async () => {
    await using machine = await createMachine();
    const gate = createGate(machine);
    await machine.writeGo(`echo 'go: downloading it' >&2\n${gate.script}\n${BUILDS}`);
    const texts: string[] = [];
    const isTold = new EventEmitter();
    const onProgress = ({ text }: CliProgress) => {
      texts.push(text);
      if (texts.filter((said) => said.endsWith('go: downloading it')).length === 3) {
        isTold.emit('three times');
      }
    };

    const toldThreeTimes = once(isTold, 'three times');
    const cli = find(machine, { onProgress, progressEveryMs: 5 });
    await toldThreeTimes;
    await gate.open();

    expect((await cli).from).toBe('build');
    expect(texts[0]).toBe('Downloading the Temporal CLI 1.5.1');
    expect(texts.at(-1)).toBe('Building the Temporal CLI 1.5.1 with Go 1.26.0: go: downloading it');
  });
});

describe('a machine on which nothing works', () => {
  it.each([
    ['there is no Go', undefined, /build: there is no `go` on PATH; it takes Go >= 1\.25/],
    [
      'Go is too old',
      { install: '', version: '1.24.9' },
      /build: .*go is Go 1\.24\.9, too old; it takes Go >= 1\.25/,
    ],
    [
      'the build fails',
      { version: '1.25', install: 'echo net/http >&2; echo "go: no route" >&2; exit 1' },
      /go: no route/,
    ],
    [
      'the build is a dud',
      { version: '1.25', install: 'echo "exit 1" > "$GOBIN/temporal"' },
      /build: .*temporal does not run/,
    ],
  ])('hears every way and why it failed when %s', async (_how, go, why) => {
    await using machine = await createMachine();
    await machine.write('bin/temporal', temporal('1.20.0'));
    if (go) await machine.writeGo(go.install, go.version);

    const error: Error = await find(machine).then(
      () => expect.fail('a CLI was found'),
      (thrown: Error) => thrown,
    );

    expect(error.name).toBe('CliNotFoundError');
    expect(error.message).toMatch(why);
    expect(error.message.split('\n').map((line) => /^ {2}\w+|^\w+/.exec(line)?.[0])).toEqual([
      'No',
      '  TEMPORAL_CLI_PATH',
      '  PATH',
      '  cache',
      '  download',
      '  build',
      'Mend',
    ]);
    expect(error.message).toContain('bin/temporal has server 1.20.0');
    expect(error.message).toContain('download: no network');
    expect(await machine.cached(), 'what is left in the cache').toEqual([]);
  });
});

describe('a build that is interrupted', () => {
  it('ends with all its processes and leaves nothing', async () => {
    await using machine = await createMachine();
    const gate = createGate(machine);
    await machine.writeGo(`${BUILDS}\n${gate.script}`);
    const controller = new AbortController();

    const cli = find(machine, { signal: controller.signal });
    await gate.reached;
    controller.abort(new Error('Ctrl-C'));

    await expect(cli).rejects.toThrow('Ctrl-C');
    await gate.gone;
    expect(await machine.cached(), 'what is left in the cache').toEqual([]);
  });

  it('by SIGKILL takes its processes along, and the next one builds and cleans up', async () => {
    await using machine = await createMachine();
    const gate = createGate(machine);
    await machine.writeGo(`echo half > "$GOBIN/temporal"\n${gate.script}`);
    await using first = spawnFinder(machine);
    await gate.reached;

    first.kill('SIGKILL');
    expect(await first.exited).toBe('SIGKILL');
    await gate.gone;
    const left = await machine.cached();
    await machine.writeGo(BUILDS);
    await passTenSeconds(join(machine.cacheDir, 'temporal-cli.lock'));
    const cli = await find(machine);

    expect(left, 'lock and temporary folder').toHaveLength(2);
    expect(left, 'what was half built').not.toContain(OUR_NAME);
    expect(cli.from).toBe('build');
    expect(await machine.cached()).toEqual([OUR_NAME]);
  });
});

describe('two processes that need a CLI at the same moment', () => {
  it('build it once', async () => {
    await using machine = await createMachine();
    const gate = createGate(machine);
    await machine.writeGo(`${gate.script}\n${BUILDS}`);

    await using first = spawnFinder(machine);
    await gate.reached;
    await using second = spawnFinder(machine);
    await second.said('wait');
    await gate.open();

    expect([await first.said('found'), await second.said('found')]).toEqual(['build', 'cache']);
    expect([await first.exited, await second.exited]).toEqual([0, 0]);
    expect(await machine.installs(), 'builds').toHaveLength(1);
  });

  it('build it twice when they have no cache in common', async () => {
    await using machine = await createMachine();
    await machine.writeGo(BUILDS);

    await find(machine);
    await rm(machine.cacheDir, { recursive: true });
    await find(machine);

    expect(await machine.installs(), 'builds').toHaveLength(2);
  });
});

function spawnFinder({ cacheDir, env }: Machine) {
  return spawnFixture(FINDER, { CACHE_DIR: cacheDir, FAKE_PATH: env.PATH });
}

/** A lock without a sign of life for ten seconds is taken over. */
async function passTenSeconds(lock: string): Promise<void> {
  const then = new Date(Date.now() - 10_001);
  await utimes(lock, then, then);
}
