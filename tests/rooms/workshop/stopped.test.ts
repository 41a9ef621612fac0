import { mkdir, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createJudge, type Judge, type Judgement, readExercises } from '#workshop';
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
    const { stopped } = await judged('-1 second', 'return 1');

    expect(stopped?.name).toBe('WorkflowTaskFailed');
    expect(stopped?.message).toContain('Invalid StartToCloseTimeout');
  });

  it('is ended where its activity fails for ever, with the line that throws', async () => {
    const { stopped } = await judged('1 second', "throw new TypeError('never')");

    expect(stopped).toEqual({
      name: 'TypeError',
      message: 'never (the activity a has failed 20 times)',
      place: 'my/01-stuck/activities.ts:3',
    });
  });

  it('is ended with its process where it runs in a circle', async () => {
    await using impatient = await judgeFor(1_000);
    const { stopped } = await judged('1 second', 'while (true);', { by: impatient });

    expect(stopped?.name).toBe('TimedOut');
  });
});

describe('workflow code', { timeout: 60_000 }, () => {
  it('that throws is told with its own line, also where the test has only noted that the run failed', async () => {
    const { stopped } = await judged('1 second', 'return 1', {
      first: "throw new RangeError('no');",
    });

    expect(stopped).toEqual({
      name: 'RangeError',
      message: 'no',
      place: 'my/01-stuck/workflows.ts:6',
    });
  });

  it('that needs what a workflow cannot have is told by the import', async () => {
    const { stopped } = await judged('1 second', 'return 1', { imports: "import 'node:fs';" });

    expect(stopped).toMatchObject({ name: 'BundleError', place: 'my/01-stuck/workflows.ts:2' });
    expect(stopped?.message).toContain('node:fs');
  });
});

const AT = 'exercises/01-stuck';

/** An exercise of one workflow with one activity. */
async function plant(): Promise<void> {
  await mkdir(copy.path(AT, 'solution'), { recursive: true });
  await mkdir(copy.path('my/01-stuck'), { recursive: true });
  await writeFile(
    copy.path(AT, 'claims.json'),
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
  await writeFile(
    copy.path(AT, 'test.ts'),
    `import { v4 as uuid } from 'uuid';
import { it } from '#exercises';

it('ends', async ({ claim, load, runWorker, temporal: { client, taskQueue } }) => {
  const { a } = await load<{ a(): Promise<number> }>('activities.ts');
  await using _worker = await runWorker({ workflows: 'workflows.ts', activities: { a } });
  const ended = client.workflow.execute('W', { workflowId: uuid(), taskQueue });
  claim('ENDS', 'it ends', await ended.catch((error) => error.name), 1);
});
`,
  );
}

function judgeFor(longestTestMs: number): Promise<Judge> {
  const { address } = inject('testServer');
  return createJudge({ root: copy.root, testServer: async () => ({ address }), longestTestMs });
}

async function judged(
  timeout: string,
  activity: string,
  { first = '', imports = '', by = judge } = {},
): Promise<Judgement> {
  await writeFile(
    copy.path('my/01-stuck/workflows.ts'),
    `import { proxyActivities } from '@temporalio/workflow';
${imports}
const { a } = proxyActivities<{ a(): Promise<number> }>({ startToCloseTimeout: '${timeout}' });

export async function W(): Promise<number> {
  ${first}
  return await a();
}
`,
  );
  await writeFile(
    copy.path('my/01-stuck/activities.ts'),
    `
export async function a(): Promise<number> {
  ${activity};
}
`,
  );
  const [exercise] = readExercises(copy.root);
  if (!exercise) throw new Error('It was planted');
  const [judgement] = await by.judge([{ exercise, variant: 'my' }]);
  if (!judgement) throw new Error('It was judged');
  return judgement;
}
