/** Messages that no client sends: a parent does, or a schedule. */
import { setTimeout } from 'node:timers/promises';
import type { ScheduleHandle } from '@temporalio/client';
import type { ToldParentWorkflow } from '#fixtures/workflows/atlas';
import { resetToStart } from '#testkit';
import { type Case, newCase } from './messages-sent.ts';
import { BETWEEN, type MessageCell, type Second, twice } from './messages-twice.ts';
import { endRun, type ToldRuns, toldOptions, turnPage } from './told.ts';

type Sender = (runs: ToldRuns, second: Second) => Promise<MessageCell>;

export const BY_OTHERS: Readonly<Record<string, Sender>> = {
  'child start': startChildTwice,
  'schedule trigger': (runs, second) =>
    actTwice(runs, second, 'schedule trigger', async (schedule) => {
      if (second !== 'at once') await untilNextSecond();
      await schedule.trigger();
    }),
  'schedule backfill': (runs, second) =>
    actTwice(runs, second, 'schedule backfill', (schedule) =>
      schedule.backfill([{ ...DAY, overlap: 'ALLOW_ALL' }]),
    ),
};

/** One parent starts both at once; a second parent comes later; or the first one continues as new, or is reset. */
async function startChildTwice(runs: ToldRuns, second: Second): Promise<MessageCell> {
  const { client } = runs;
  const at = newCase(runs);
  const { cell, workflowId: childId } = at;
  const [first, other] = [`${cell}-parent`, `${cell}-other-parent`];
  await startParent(at, first, second === 'at once' ? 2 : 1);
  await runs.untilDone(cell, 1);
  const results: unknown[] = [];
  if (second === 'after continue-as-new') await turnPage(client, first);
  else if (second === 'after a reset') await resetToStart(client, first);
  else if (second !== 'at once') {
    await BETWEEN[second](at);
    await startParent(at, other, 1);
    results.push((await endRun(client, other)).result);
  }
  results.push((await endRun(client, first)).result);
  const last = await endRun(client, childId);
  const refused = results.find((result) => typeof result === 'string');
  return cellOf(at, 'child start', second, refused ?? null, last.runId);
}

export async function startParent(
  { runs, cell, workflowId }: Case,
  parentId: string,
  atOnce: number,
) {
  await runs.client.workflow.start<typeof ToldParentWorkflow>('ToldParentWorkflow', {
    ...toldOptions(runs, parentId, { cell }),
    args: [{ cell }, { workflowId, atOnce }],
  });
}

/** Has the schedule act twice. A schedule names its runs by the second that they are for, and tells nobody of a refusal. */
async function actTwice(
  runs: ToldRuns,
  second: Second,
  message: string,
  act: (schedule: ScheduleHandle) => Promise<void>,
): Promise<MessageCell> {
  const { client } = runs;
  const at = newCase(runs);
  const schedule = await client.schedule.create({
    scheduleId: at.cell,
    spec: { calendars: [{ hour: 12 }] },
    state: { paused: true },
    policies: { overlap: 'ALLOW_ALL' },
    action: {
      type: 'startWorkflow',
      workflowType: 'ToldWorkflow',
      ...toldOptions(runs, at.workflowId, { cell: at.cell, first: 'act' }),
    },
  });
  await untilNextSecond();
  const { refused } = await twice(
    () => act(schedule),
    second,
    async () => {
      await runs.untilDone(at.cell, 1);
      const workflowId = runs.lines(at.cell)[0]?.workflowId ?? at.workflowId;
      await BETWEEN[second]({ ...at, workflowId });
    },
  );
  const started = (await schedule.describe()).info.recentActions;
  await schedule.delete();
  const workflowIds = new Set(started.map(({ action }) => action.workflow.workflowId));
  const last: string[] = [];
  for (const workflowId of workflowIds) last.push((await endRun(client, workflowId)).runId);
  return cellOf(at, message, second, refused, ...last);
}

/** A day with one time of the schedule in it. */
const DAY = { start: new Date('2026-01-01T00:00:00Z'), end: new Date('2026-01-01T23:00:00Z') };

/** Two that are to be in one second, or in two. */
async function untilNextSecond(): Promise<void> {
  await setTimeout(1_020 - (Date.now() % 1_000));
}

function cellOf(
  { runs, cell }: Case,
  message: string,
  second: Second,
  refused: string | null,
  ...others: readonly string[]
): MessageCell {
  const lines = runs.lines(cell);
  const runIds = [...new Set([...lines.map(({ runId }) => runId), ...others])];
  return { message, second, effects: lines.length, refused, runIds };
}
