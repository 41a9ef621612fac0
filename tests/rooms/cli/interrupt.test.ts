import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '#config';
import { findCli } from '#temporal/cli/find';
import { processesWith } from '#temporal/server-process';
import { type Command, press } from './command.ts';

const TWO_SECONDS_MS = 2_000;

describe('Ctrl-C', () => {
  it.each<[string, (command: Command, devServer: string) => Promise<unknown>]>([
    ['while the dev server starts', startsServer],
    ['in the middle of the batch', (command) => command.said('stderr', /naive endpoint: \d/)],
  ])('%s ends start and its server within two seconds, with 130', async (_when, moment) => {
    await using cli = await cliOfItsOwn();
    await using command = press(['start'], { TEMPORAL_CLI_PATH: cli.path });
    await moment(command, cli.devServer);
    const running = await processesWith(cli.devServer);

    const sentAtMs = performance.now();
    command.kill('SIGINT');
    const { exitCode, signal, stdout } = await command.finished;
    const tookMs = performance.now() - sentAtMs;

    expect(running.length, 'dev servers at the signal').toBe(1);
    expect({ exitCode, signal }).toEqual({ exitCode: 130, signal: null });
    expect(tookMs, 'milliseconds').toBeLessThan(TWO_SECONDS_MS);
    expect(await processesWith(cli.devServer), 'dev servers that are left').toEqual([]);
    expect(stdout, 'no verdict on half a batch').not.toContain('PROOF');
  });
});

/** It tells of the lost answer before it starts its server: nobody need look for one until then. */
async function startsServer(command: Command, devServer: string): Promise<void> {
  await command.said('stdout', /with a key/);
  await untilThere(command, devServer);
}

/** Looks until the server's process is there, or the command has ended without one. */
async function untilThere(command: Command, devServer: string): Promise<void> {
  const decided = await Promise.race([
    command.finished.then(() => true),
    processesWith(devServer).then((pids) => pids.length > 0),
  ]);
  if (!decided) await untilThere(command, devServer);
}

/** The Temporal CLI under a name that no other test uses: its processes can be told from theirs. */
async function cliOfItsOwn() {
  const { path: found } = await findCli({ config: loadConfig(), onProgress: () => {} });
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-'));
  const path = join(folder, 'temporal');
  await symlink(found, path);
  return {
    path,
    /** How the command line of its dev server begins. */
    devServer: `${path} server start-dev`,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
