import { Writable } from 'node:stream';
import pLimit from 'p-limit';
import type { TestModule, Vitest } from 'vitest/node';
import { createVitest } from 'vitest/node';
import type { TestServer } from '#testkit';
import { folderOf, needsTemporal, ROOT } from './exercise.ts';
import { explained } from './judge/bundle-error.ts';
import { judgementOf, wasLost } from './judge/made.ts';
import { keepsOwnModules, moduleCacheIn } from './judge/module-cache.ts';
import { filesOf, roundsOf, testFileOf } from './judge/rounds.ts';
import { keepSignals } from './judge/signals.ts';
import { syntaxErrorIn } from './judge/syntax.ts';
import { createWarmWorkers, type WarmWorkers } from './judge/warm-workers.ts';
import type { Asked, Judgement, Stopped } from './judgement.ts';

export type { Asked, Judgement, Stopped } from './judgement.ts';

/** Runs the tests of exercises with one implementation or another. */
export interface Judge extends AsyncDisposable {
  /**
   * Who asks while it judges waits: a save, say, while a picture judges the starter of the same exercise.
   *
   * @throws what `testServer` throws, where an exercise needs one
   */
  judge(asked: readonly Asked[]): Promise<readonly Judgement[]>;
  /** Ends its processes at once, for Ctrl-C. */
  kill(): void;
}

export interface JudgeOptions {
  /** Asked when an exercise needs one. It is the caller's, and outlives the judge. */
  readonly testServer: () => Promise<TestServer>;
  readonly root?: string;
  /** Test files at the same time. */
  readonly workers?: number;
  /** A test that is not done then is stopped. */
  readonly longestTestMs?: number;
}

/**
 * A judge that stays warm: one Vitest, whose processes are started before they are needed.
 *
 * Trap: what lies outside of the folders of exercises, such as the rig, is read once.
 */
export async function createJudge({
  testServer,
  root = ROOT,
  workers = 1,
  longestTestMs = 15_000,
}: JudgeOptions): Promise<Judge> {
  const warm = createWarmWorkers({ root, silenceMs: longestTestMs + 2_000 });
  warm.warm(workers);
  const limits = { root, workers, longestTestMs };
  const vitest = await startVitest(limits, warm);
  // What is judged is told to Vitest beforehand, for all of it: two rounds at once would judge one implementation twice.
  const oneAtATime = pLimit(1);
  const court = { testServer, ...limits, vitest, warm, seen: new WeakSet<TestModule>() };

  return {
    judge: (asked) =>
      oneAtATime(async () => {
        const judged = await judgeAll(court, asked);
        warm.warm(1);
        return judged;
      }),
    kill: () => warm.kill(),
    async [Symbol.asyncDispose]() {
      await warm[Symbol.asyncDispose]();
      await vitest.close();
    },
  };
}

interface Court extends Required<JudgeOptions> {
  readonly vitest: Vitest;
  readonly warm: WarmWorkers;
  /** Vitest keeps what earlier rounds have left. */
  readonly seen: WeakSet<TestModule>;
}

async function judgeAll(court: Court, asked: readonly Asked[]): Promise<readonly Judgement[]> {
  const judged = new Map<Asked, Judgement>();
  for (const round of roundsOf(asked)) {
    for (const [one, judgement] of await judgeRound(court, round)) {
      // Its process has ended, perhaps by another's doing.
      const [again] = wasLost(judgement) && round.length > 1 ? await judgeRound(court, [one]) : [];
      judged.set(one, await explained(again?.[1] ?? judgement, court.root));
    }
  }
  return asked.flatMap((one) => judged.get(one) ?? []);
}

/** It finds no test files of its own: it is told which to run. */
async function startVitest(
  { root, workers, longestTestMs }: Omit<Required<JudgeOptions>, 'testServer'>,
  warm: WarmWorkers,
): Promise<Vitest> {
  const keep = keepSignals();
  const fsModuleCachePath = moduleCacheIn(root);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const vitest = await createVitest(
    'test',
    {
      config: false,
      root,
      watch: false,
      pool: { name: 'warm', createPoolWorker: warm.create },
      isolate: false,
      experimental: fsModuleCachePath ? { fsModuleCache: true, fsModuleCachePath } : {},
      maxWorkers: workers,
      include: [],
      testTimeout: longestTestMs,
      reporters: [{}],
    },
    { plugins: [keepsOwnModules()] },
    { stdout: nowhere, stderr: nowhere },
  );
  keep();
  return vitest;
}

async function judgeRound(court: Court, round: readonly Asked[]): Promise<[Asked, Judgement][]> {
  const began = performance.now();
  const broken = new Map<Asked, Stopped>();
  for (const one of round) {
    const error = await syntaxErrorIn(folderOf(one.exercise, one.variant), court.root);
    if (error) broken.set(one, error);
  }
  const { modules, errors } = await run(
    court,
    round.filter((one) => !broken.has(one)),
  );
  const tookMs = performance.now() - began;
  return round.map((one) => {
    const path = testFileOf(court.root, one);
    const module = modules.find(({ moduleId }) => moduleId === path);
    const alone = round.length === 1 ? tookMs : undefined;
    const durationMs = alone ?? module?.diagnostic().duration ?? 0;
    const stopped = broken.get(one);
    const silenced = court.warm.wasSilenced();
    return [
      one,
      judgementOf(one, { module, errors, stopped, silenced, durationMs, root: court.root }),
    ];
  });
}

async function run(
  { vitest, warm, root, seen, testServer, workers }: Court,
  round: readonly Asked[],
): Promise<{ modules: readonly TestModule[]; errors: readonly unknown[] }> {
  if (round.length === 0) return { modules: [], errors: [] };
  const project = vitest.getRootProject();
  if (round.some(({ exercise }) => needsTemporal(exercise, root))) {
    project.provide('testServer', await testServer());
  }
  project.provide(
    'implementations',
    Object.fromEntries(
      round.map(({ exercise, variant }) => [exercise.folder, folderOf(exercise, variant)]),
    ),
  );
  for (const one of round) for (const file of await filesOf(root, one)) vitest.invalidateFile(file);
  warm.warm(Math.min(workers, round.length));
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(
    round.map((one) => project.createSpecification(testFileOf(root, one))),
  );
  const modules = testModules.filter((module) => !seen.has(module));
  for (const module of modules) seen.add(module);
  return { modules, errors: unhandledErrors };
}
