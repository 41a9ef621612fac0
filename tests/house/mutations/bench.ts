import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createVitest, type TestRunResult, type Vitest } from 'vitest/node';
import { keepSignals } from '#workshop/judge/signals';
import { listTree, ROOT } from '../tree.ts';
import { testsOf } from './claimed.ts';
import { applyEdit, type Edit, type Mutant } from './mutant.ts';
import { judge, undecided, type Verdict } from './verdict.ts';

/** A copy of the project in which anything may be broken. Disposing of it deletes it. */
export interface Bench extends AsyncDisposable {
  /** Breaks the copy, runs the tests that have to notice, one after the other, and mends the copy again. */
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

/**
 * One Vitest, with its server, its database and what it has read of the project, serves all mutants: what a mutant
 * breaks is read again, and runs in a process of its own.
 */
export async function createBench(options: BenchOptions): Promise<Bench> {
  const root = await mkdtemp(join(await realpath(tmpdir()), 'press-twice-mutants-'));
  for (const path of listTree()) await cp(join(ROOT, path), join(root, path));
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  // Tests that work on a copy of the repository ask git what belongs to it.
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  let vitest: Promise<Vitest> | undefined;

  const run = async (chapters: readonly string[], test: string, limitMs: number) => {
    vitest ??= start(root);
    const verdict = await runIn(await vitest, chapters, test, { ...options, limitMs });
    // What did not end by itself has to be ended with all that it has.
    if (verdict.how === 'undecided') {
      await (await vitest).close();
      vitest = undefined;
    }
    return verdict;
  };

  return {
    async run(mutant) {
      const { edits, chapter } = mutant;
      const files = [...new Set(edits.map(({ file }) => join(root, file)))];
      const originals = await Promise.all(files.map((file) => readFile(file, 'utf8')));
      for (const edit of edits) await apply(root, edit);
      readAgain(await vitest, files);
      const verdict = await runEach(testsOf(mutant), (test) =>
        run([chapter], test, options.limitMs),
      );
      await Promise.all(files.map((file, index) => writeFile(file, originals[index] ?? '')));
      readAgain(await vitest, files);
      return verdict;
    },
    runUnbroken: (chapters) => run(chapters, '', 10 * options.limitMs),
    async [Symbol.asyncDispose]() {
      await (await vitest)?.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Its globalSetup belongs to the copy, and runs once. */
async function start(root: string): Promise<Vitest> {
  const keep = keepSignals();
  const vitest: Vitest = await createVitest('test', {
    root,
    watch: false,
    // Nobody asks for this copy again.
    experimental: { fsModuleCache: false },
    // Not `bail`: that counts the failures of all runs.
    reporters: [{ onTestCaseResult: (test) => void (test.ok() || endRun()) }],
  });
  const endRun = () => vitest.cancelCurrentRun('test-failure');
  keep();
  await vitest.standalone();
  return vitest;
}

async function runIn(
  vitest: Vitest,
  chapters: readonly string[],
  test: string,
  { limitMs, signal }: BenchOptions,
): Promise<Verdict> {
  vitest.setGlobalTestNamePattern(test);
  const specifications = await vitest.getRelevantTestSpecifications([...chapters]);
  if (specifications.length === 0) return undecided(`no test ran: ${chapters.join(', ')}`);
  const late = new AbortController();
  try {
    return await Promise.race([
      vitest
        .runTestSpecifications(specifications)
        .then((result) =>
          verdictOf(result, new Set(specifications.map(({ moduleId }) => moduleId))),
        ),
      setTimeout(limitMs, undefined, { signal: late.signal }).then(() =>
        undecided(`not decided within ${limitMs / 1000} s`),
      ),
      aborted(signal, late.signal),
    ]);
  } catch (error) {
    return undecided(`no test ran: ${String(error).slice(-500)}`);
  } finally {
    late.abort();
  }
}

/** Killed only if each of them is. */
async function runEach(
  tests: readonly string[],
  run: (test: string) => Promise<Verdict>,
): Promise<Verdict> {
  let verdict = undecided('no test is named');
  for (const test of tests) {
    verdict = await run(test);
    if (verdict.how === 'green') return { ...verdict, named: test };
    if (verdict.how === 'undecided') return verdict;
  }
  return verdict;
}

function aborted(signal: AbortSignal, late: AbortSignal): Promise<Verdict> {
  return new Promise((resolve) => {
    const end = () => resolve(undecided('it was interrupted'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true, signal: late });
  });
}

/** Vitest tells of all that it has ever run; only some of it is asked for. */
function verdictOf(result: TestRunResult, asked: ReadonlySet<string>): Verdict {
  const testModules = result.testModules.filter(({ moduleId }) => asked.has(moduleId));
  const { unhandledErrors } = result;
  return judge({
    success: unhandledErrors.length === 0 && testModules.every((module) => module.ok()),
    testResults: testModules.map((module) => ({
      message: module.errors()[0]?.message ?? '',
      assertionResults: [...module.children.allTests()].map((test) => ({
        fullName: test.fullName.replaceAll(' > ', ' '),
        status: test.result().state,
        failureMessages: (test.result().errors ?? []).map(({ stack, message }) => stack ?? message),
      })),
    })),
  });
}

async function apply(root: string, edit: Edit): Promise<void> {
  const path = join(root, edit.file);
  await writeFile(path, applyEdit(await readFile(path, 'utf8'), edit));
}

/** Vitest has read these files. */
function readAgain(vitest: Vitest | undefined, files: readonly string[]): void {
  for (const file of files) vitest?.invalidateFile(file);
}
