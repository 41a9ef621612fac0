import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = '01-double-deduction';

describe('a learner who clones the repository into an empty folder', { timeout: 600_000 }, () => {
  it('sees the aha, three claims that fail, all that hold, and the same bytes after an undo', async () => {
    await using home = await cloned();
    const check = () =>
      home.run('npm', 'run', '--silent', 'workshop', '--', 'check', '01', '--plain');
    const mine = join(home.folder, 'my', FOLDER, 'fees.ts');
    const solution = join(home.folder, 'exercises', FOLDER, 'solution/fees.ts');

    const aha = await home.run('node', 'exercises/aha.mjs');
    expect(aha.stdout).toContain('80 left');
    expect(aha.stdout).toContain('90 left');

    const installed = await home.run('npm', 'ci', '--prefer-offline', '--no-audit', '--no-fund');
    expect(installed, 'npm ci').toMatchObject({ exitCode: 0 });

    const begun = await check();
    const failed = [...begun.stdout.matchAll(/^FAIL (\S+):/gm)].map(([, code]) => code);
    expect(failed).toEqual(['ONE-DEDUCTION', 'BALANCE-90', 'SAME-ANSWER']);
    expect(begun.exitCode, 'exit code with the starter').toBe(1);

    await cp(solution, mine);
    expect(await check(), 'with the solution').toMatchObject({ exitCode: 0 });

    const own = Buffer.concat([await readFile(solution), Buffer.from('// mine\r\n')]);
    await writeFile(mine, own);
    const workshop = (...args: string[]) =>
      home.run('npm', 'run', '--silent', 'workshop', '--', ...args);
    expect(await workshop('reset', '01')).toMatchObject({ exitCode: 0 });
    expect(await readFile(mine, 'utf8'), 'after the reset').toContain('TODO(');
    expect(await workshop('undo')).toMatchObject({ exitCode: 0 });
    expect(await readFile(mine), 'after the undo').toEqual(own);
  });
});

/** What was committed, and nothing else: no `node_modules`, no `my/`. */
async function cloned() {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-clone-'));
  await promisify(execFile)('git', ['clone', '--quiet', '--depth', '1', `file://${ROOT}`, folder]);
  return {
    folder,
    run: (command: string, ...args: readonly string[]) => run(folder, command, args),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** @throws when it is killed, by its time limit for one; an exit code is an answer */
async function run(cwd: string, command: string, args: readonly string[]) {
  try {
    const limits = { cwd, maxBuffer: 10_000_000, timeout: 300_000 };
    const { stdout, stderr } = await promisify(execFile)(command, args, limits);
    return { exitCode: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    if (typeof code !== 'number') throw error;
    return { exitCode: code, stdout, stderr };
  }
}
