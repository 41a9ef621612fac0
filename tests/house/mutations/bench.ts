import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listTree, ROOT } from '../tree.ts';
import { applyEdit, type Mutant } from './mutant.ts';
import { judge, undecided, type Verdict } from './verdict.ts';

/** A copy of the project in which anything may be broken. Disposing of it deletes it. */
export interface Bench extends AsyncDisposable {
  /** Breaks the copy, runs the chapter that has to notice, and mends the copy again. */
  run(mutant: Mutant): Promise<Verdict>;
  /** Runs chapters as they are. */
  runUnbroken(chapters: readonly string[]): Promise<Verdict>;
}

export interface BenchOptions {
  /** A chapter that takes longer is ended, in milliseconds. */
  readonly limitMs: number;
  /** Ends the run that is on the way. */
  readonly signal: AbortSignal;
}

export async function createBench(options: BenchOptions): Promise<Bench> {
  const root = await mkdtemp(join(await realpath(tmpdir()), 'press-twice-mutants-'));
  for (const path of listTree()) await cp(join(ROOT, path), join(root, path));
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));

  return {
    async run({ edits, chapter, test }) {
      const files = [...new Set(edits.map(({ file }) => file))];
      const originals = await Promise.all(files.map((file) => readFile(join(root, file), 'utf8')));
      for (const edit of edits) {
        const path = join(root, edit.file);
        await writeFile(path, applyEdit(await readFile(path, 'utf8'), edit));
      }
      const verdict = await runVitest(root, [chapter, ...(test ? ['-t', test] : [])], options);
      await Promise.all(
        files.map((file, index) => writeFile(join(root, file), originals[index] ?? '')),
      );
      return verdict;
    },
    runUnbroken: (chapters) =>
      runVitest(root, chapters, { ...options, limitMs: 10 * options.limitMs }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

async function runVitest(
  root: string,
  args: readonly string[],
  { limitMs, signal }: BenchOptions,
): Promise<Verdict> {
  const report = join(root, 'report.json');
  await rm(report, { force: true });
  const vitest = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...args,
      '--bail=1',
      '--reporter=json',
      `--outputFile=${report}`,
    ],
    // A group of its own, so that its workers and its server end with it.
    { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const { output, timedOut } = await ended(vitest, limitMs, signal);
  if (timedOut) return undecided(`not decided within ${limitMs / 1000} s`);

  const text = await readFile(report, 'utf8').catch(() => undefined);
  if (text === undefined) return undecided(`no test ran: ${output.trim().slice(-500)}`);
  return judge(JSON.parse(text));
}

function ended(child: ChildProcess, limitMs: number, signal: AbortSignal) {
  return new Promise<{ output: string; timedOut: boolean }>((resolve, reject) => {
    let output = '';
    let timedOut = false;
    const kill = () => endGroup(child.pid);
    const limit = setTimeout(() => {
      timedOut = true;
      kill();
    }, limitMs);
    signal.addEventListener('abort', kill);
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(limit);
      signal.removeEventListener('abort', kill);
      resolve({ output, timedOut });
    });
  });
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
  }
}
