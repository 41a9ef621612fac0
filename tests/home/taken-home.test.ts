import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

describe('the package, installed into an empty folder, with a workflow in plain JavaScript', () => {
  it('finds the one unguarded step of three, and books once behind its middleware', async () => {
    await using home = await newHome();
    await must(home.run('npm', 'install', ...QUIETLY, await pack(home.folder)));
    await linkPeers(home.folder);

    const tested = await home.run(
      'npx',
      'vitest',
      'run',
      '--reporter=json',
      '--outputFile=found.json',
    );
    const report = JSON.parse(await readFile(join(home.folder, 'found.json'), 'utf8')) as Report;
    const found = (name: string) => report.testResults.find((file) => file.name.endsWith(name));

    expect(tested.exitCode, 'exit code of vitest').toBe(1);
    expect(found('endpoint.test.js')?.assertionResults).toMatchObject([{ status: 'passed' }]);
    const [explored] = found('order.test.js')?.assertionResults ?? [];
    expect(explored?.status).toBe('failed');
    const message = explored?.failureMessages.join('\n') ?? '';
    expect(message, 'the table of the README').toContain(await tableOfReadme());
    const rows = rowsIn(message);
    expect(rows.charge, 'cells of a guarded step').toEqual(Array(8).fill('one'));
    expect(rows.reserve, 'cells of a guarded step').toEqual(Array(8).fill('one'));
    expect(new Set(rows.sendMail), 'cells of the unguarded step').toContain('many (2)');

    const typed = await home.run(
      join(ROOT, 'node_modules/.bin/tsc'),
      '--noEmit',
      ...STRICTLY,
      'typed.ts',
    );
    expect(typed.output, 'what the compiler says to one who uses the types').toBe('');
  });
});

const QUIETLY = [
  '--prefer-offline',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--legacy-peer-deps', // Peers are not installed: see `linkPeers`.
];
const STRICTLY = [
  '--strict',
  '--skipLibCheck',
  '--module',
  'nodenext',
  '--target',
  'es2023',
  '--lib',
  'es2024,esnext.disposable',
  '--types',
  '',
];

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

async function tableOfReadme(): Promise<string> {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const shown = /<!-- explored:begin -->\n```text\n(.+?)\n```\n<!-- explored:end -->/s.exec(readme);
  return shown?.[1] ?? 'a README without a table';
}

/** `happy  charge  one  one  …`, a line of the table in a failure message. */
function rowsIn(message: string): Record<string, string[]> {
  const rows = message.matchAll(/^happy {2}(\w+) {2,}(.+)$/gm);
  return Object.fromEntries(
    [...rows].map(([, step = '', cells = '']) => [step, cells.split(/ {2,}/)]),
  );
}

async function newHome() {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-home-'));
  await cp(join(ROOT, 'fixtures/home'), folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  return {
    folder,
    run: (command: string, ...args: string[]) => run(folder, command, args),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

async function pack(folder: string): Promise<string> {
  const output = await must(run(ROOT, 'npm', ['pack', '--silent', '--pack-destination', folder]));
  return `./${output.trim().split('\n').at(-1)}`;
}

/**
 * What the folder's owner has already: Temporal, Express and vitest, but no PostgreSQL. They are links, because a
 * quarter of a gigabyte would be copied for each run of this test.
 */
async function linkPeers(folder: string): Promise<void> {
  const { peerDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  for (const name of Object.keys(peerDependencies)) {
    if (name === 'postgres') continue;
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(await realpath(join(ROOT, 'node_modules', name)), link);
  }
}

/** @throws when it is killed, by its time limit for one; an exit code is an answer */
async function run(cwd: string, command: string, args: readonly string[]) {
  try {
    const limits = { cwd, maxBuffer: 10_000_000, timeout: 100_000 };
    const { stdout } = await promisify(execFile)(command, args, limits);
    return { exitCode: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    if (typeof code !== 'number') throw error;
    return { exitCode: code, output: `${stdout}${stderr}` };
  }
}

/** @throws when it fails, with what it said */
async function must(running: ReturnType<typeof run>): Promise<string> {
  const { exitCode, output } = await running;
  if (exitCode !== 0) throw new Error(`ended with ${exitCode}: ${output}`);
  return output;
}
