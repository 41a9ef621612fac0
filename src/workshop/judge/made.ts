import { experimental_getRunnerTask, type TestCase, type TestModule } from 'vitest/node';
import type {} from '#exercises';
import type { Asked, Judgement, Stopped } from '../judgement.ts';
import { stoppedBy, TIMED_OUT } from './stopped.ts';

interface Left {
  readonly module: TestModule | undefined;
  /** Of the whole round. */
  readonly errors: readonly unknown[];
  /** It was not run at all. */
  readonly stopped: Stopped | undefined;
  /** A process had to be ended, because it said nothing any more. */
  readonly silenced: boolean;
  readonly durationMs: number;
  readonly root: string;
}

/** What a test has left, as a judgement. */
export function judgementOf(asked: Asked, left: Left): Judgement {
  const { exercise } = asked;
  const tests = left.module ? [...left.module.children.allTests()] : [];
  const judged = tests.flatMap((test) => test.meta().judged ?? []);
  const claims = judged.flatMap((one) => one.claims);
  const made = new Set(claims.map(({ code }) => code));
  return {
    ...asked,
    claims,
    notReached: exercise.claims.filter((code) => !made.has(code)),
    stopped: left.stopped ?? stoppedIn(asked, left, tests) ?? undeclared(asked, [...made]),
    evidence: judged.map(({ evidence }) => evidence),
    printed: left.module ? printedBy(left.module) : [],
    durationMs: left.durationMs,
  };
}

function stoppedIn(asked: Asked, left: Left, tests: readonly TestCase[]): Stopped | undefined {
  const own = `exercises/${asked.exercise.folder}/test.ts`;
  const [stuck] = tests.flatMap((test) => test.meta().stuck ?? []);
  const errors = [
    ...(stuck ? [stuck] : []),
    ...(left.module?.errors() ?? []),
    ...tests.flatMap(strayErrors),
    ...left.errors.filter((error) => isOf(error, own)),
  ];
  const [first] = errors;
  if (first !== undefined) return stoppedBy(first, asked, left.root);
  const ended = tests.length > 0 && tests.every((test) => test.result().state !== 'pending');
  if (ended) return undefined;
  return left.silenced ? TIMED_OUT : NO_TEST;
}

/** Whether its process has ended before it was done. */
export function wasLost({ stopped }: Judgement): boolean {
  return stopped === NO_TEST || stopped === TIMED_OUT;
}

/** An error that no test has caught knows its file; one of the pool itself does not, and is everybody's. */
function isOf(error: unknown, testFile: string): boolean {
  const { VITEST_TEST_PATH: path } = error as { VITEST_TEST_PATH?: string };
  return path === undefined ? false : path.endsWith(testFile);
}

const NO_TEST: Stopped = { name: 'Error', message: 'The test has ended before it was done' };

/** What a claim that does not hold throws is no error: its message begins with its code. */
function strayErrors(test: TestCase): readonly unknown[] {
  const codes = (test.meta().judged?.claims ?? []).map(({ code }) => `${code}: `);
  return (test.result().errors ?? []).filter(
    ({ message }) => !codes.some((code) => message.startsWith(code)),
  );
}

function undeclared({ exercise }: Asked, made: readonly string[]): Stopped | undefined {
  const strangers = made.filter((code) => !exercise.claims.includes(code));
  if (strangers.length === 0) return undefined;
  const message = `The test claims ${strangers.join(', ')}, and claims.json does not`;
  return { name: 'UndeclaredClaimError', message, place: `exercises/${exercise.folder}/test.ts:1` };
}

function printedBy(module: TestModule): readonly string[] {
  return [module, ...module.children.allTests()]
    .flatMap((entity) => experimental_getRunnerTask(entity as TestCase).logs ?? [])
    .map(({ content }) => content.trimEnd());
}
