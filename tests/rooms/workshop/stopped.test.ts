import { mkdir, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createJudge, folderOf, type Judge, type Judgement, readExercises } from '#workshop';
import { type Copy, copyRepository } from './copy.ts';

let copy: Copy;
let judge: Judge;
beforeAll(async () => {
  copy = await copyRepository([]);
  await plant();
  judge = await judgeFor(60_000);
  return async () => {
    await judge[Symbol.asyncDispose]();
    await copy[Symbol.asyncDispose]();
  };
});

describe('a run that would never end', { timeout: 90_000 }, () => {
  it('is ended at once where the server refuses what its workflow asks for', async () => {
    const { stopped } = await judged({ workflow: 'asksTheImpossible' });

    expect(stopped?.name).toBe('WorkflowTaskFailed');
    expect(stopped?.message).toContain('Invalid StartToCloseTimeout');
  });

  it('is ended where its activity fails for ever, with the line that throws', async () => {
    const { stopped } = await judged({ activity: "throw new TypeError('never')" });

    expect(stopped).toEqual({
      name: 'TypeError',
      message: 'never (the activity a has failed 20 times)',
      place: 'my/01-stuck/activities.ts:4',
    });
  });

  it('is ended with its process where nothing else in that can run, as in a circle', async () => {
    await using impatient = await judgeFor(1_000);
    const { stopped, evidence } = await judged({
      folder: '02-blocked',
      activity: BLOCKS_ITS_PROCESS,
      by: impatient,
    });

    expect(stopped?.name).toBe('TimedOut');
    expect(evidence, 'what a test can tell that has ended by itself').toEqual([]);
  });
});

describe('workflow code', { timeout: 60_000 }, () => {
  it('that throws is told with its own line, also where the test has only noted that the run failed', async () => {
    const { stopped } = await judged({ workflow: 'throws' });

    expect(stopped).toEqual({
      name: 'RangeError',
      message: 'no',
      place: 'my/01-stuck/workflows.ts:15',
    });
  });

  it('that needs what a workflow cannot have is told by the import', async () => {
    const { stopped } = await judged({ variant: 'starter' });

    expect(stopped).toMatchObject({
      name: 'BundleError',
      place: `${AT}/starter/workflows.ts:1`,
    });
    expect(stopped?.message).toContain('node:fs');
  });
});

const AT = 'exercises/01-stuck';

/** For ever, as `while (true);` does, which would take a core for it. */
const BLOCKS_ITS_PROCESS = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)';

/** All in one file: it is bundled once. */
const WORKFLOWS = `import { proxyActivities } from '@temporalio/workflow';

const { a } = proxyActivities<{ a(): Promise<number> }>({ startToCloseTimeout: '1 second' });
const { a: never } = proxyActivities<{ a(): Promise<number> }>({ startToCloseTimeout: '-1 second' });

export async function calls(): Promise<number> {
  return await a();
}

export async function asksTheImpossible(): Promise<number> {
  return await never();
}

export async function throws(): Promise<number> {
  throw new RangeError('no');
}
`;

/** One workflow with one activity. */
const TEST_OF_STUCK = `import { v4 as uuid } from 'uuid';
import { it } from '#exercises';

it('ends', async ({ claim, load, runWorker, temporal: { client, taskQueue } }) => {
  const { a, workflow } = await load<{ a(): Promise<number>; workflow: string }>('activities.ts');
  await using _worker = await runWorker({ workflows: 'workflows.ts', activities: { a } });
  const ended = client.workflow.execute(workflow, { workflowId: uuid(), taskQueue });
  claim('ENDS', 'it ends', await ended.catch((error) => error.name), 1);
});
`;

/** Nothing that takes long comes before what blocks: its time limit is a second. */
const TEST_OF_BLOCKED = `import { it } from '#exercises';

it('ends', async ({ claim, load }) => {
  const { a } = await load<{ a(): Promise<number> }>('activities.ts');
  claim('ENDS', 'it ends', await a(), 1);
});
`;

async function plant(): Promise<void> {
  await plantExercise('01-stuck', TEST_OF_STUCK);
  await plantExercise('02-blocked', TEST_OF_BLOCKED);
  await writeFile(copy.path('my/01-stuck/workflows.ts'), WORKFLOWS);
  await writeFile(copy.path(AT, 'starter/workflows.ts'), `import 'node:fs';\n${WORKFLOWS}`);
}

async function plantExercise(folder: string, test: string): Promise<void> {
  const exercise = `exercises/${folder}`;
  for (const one of [`${exercise}/solution`, `${exercise}/starter`, `my/${folder}`]) {
    await mkdir(copy.path(one), { recursive: true });
  }
  await writeFile(copy.path(exercise, 'test.ts'), test);
  await writeFile(
    copy.path(exercise, 'claims.json'),
    JSON.stringify({
      title: 'Stuck',
      story: 'It waits.',
      minutes: 1,
      claims: ['ENDS'],
      starter: ['ENDS'],
      wrong: {},
      hints: ['a', 'b', '___'],
      lesson: 'It ends.',
      question: 'why?',
      defeats: { belief: 'It ends.', seen: 'Here.' },
    }),
  );
}

function judgeFor(longestTestMs: number): Promise<Judge> {
  const { address } = inject('testServer');
  return createJudge({ root: copy.root, testServer: async () => ({ address }), longestTestMs });
}

async function judged({
  folder = '01-stuck',
  workflow = 'calls',
  activity = 'return 1',
  variant = 'my',
  by = judge,
}: {
  readonly folder?: string;
  readonly workflow?: string;
  readonly activity?: string;
  readonly variant?: 'my' | 'starter';
  readonly by?: Judge;
}): Promise<Judgement> {
  const exercise = readExercises(copy.root).find((one) => one.folder === folder);
  if (!exercise) throw new Error('It was planted');
  await writeFile(
    copy.path(folderOf(exercise, variant), 'activities.ts'),
    `export const workflow = '${workflow}';

export async function a(): Promise<number> {
  ${activity};
}
`,
  );
  const [judgement] = await by.judge([{ exercise, variant }]);
  if (!judgement) throw new Error('It was judged');
  return judgement;
}
