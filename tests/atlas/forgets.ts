import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import pLimit from 'p-limit';
import type { ToldWorkflow } from '#fixtures/workflows/atlas';
import { grpcCodeOf } from '#temporal/errors';
import { table } from '../house/render/region.ts';
import { EVENTS } from './forgets-events.ts';
import { groupedBy } from './grouped.ts';
import type { AtlasCell, AtlasGround, AtlasTable } from './table.ts';
import { endRun, type ToldRuns, toldOptions } from './told.ts';

interface ForgetCell extends AtlasCell {
  readonly event: string;
  /** What was asked for before. */
  readonly what: string;
  /** What asking again comes to. */
  readonly outcome: 'known' | 'forgotten' | 'n/a';
  readonly because?: string;
}

/** What Temporal knows of what was asked for before, after each thing that it may forget by. */
export const forgets: AtlasTable<ForgetCell> = {
  name: 'forgets',
  title: 'Who forgets when',
  async execute(ground) {
    const inTurn = pLimit(AT_ONCE);
    const endings = await Promise.allSettled([
      ...Object.keys(EVENTS).map((event) => inTurn(() => askAfter(ground, event))),
      retention(ground),
    ]);
    return endings.flatMap((ending) => {
      if (ending.status === 'rejected') throw ending.reason;
      return ending.value;
    });
  },
  render: (cells) =>
    table(
      ['after', ...WHAT],
      groupedBy(cells, ({ event }) => event).map((ofEvent) => [
        ofEvent[0]?.event ?? '',
        ...ofEvent.map(({ outcome, because }) => (because ? `n/a: ${because}` : outcome)),
      ]),
    ),
};

/** Two of them start a server of their own. */
const AT_ONCE = 2;
const WHAT = ['ID of an open run', 'ID of a closed run', 'update ID'] as const;

/** Asks for all of it, lets the event happen, and asks again. */
export async function askAfter(ground: AtlasGround, name: string): Promise<readonly ForgetCell[]> {
  await using event = await EVENTS[name]?.(ground);
  if (!event) throw new Error(`No event "${name}"`);
  const { runs } = event;
  const asked = WHAT.map((what) => ({ what, workflowId: `FORGET-${randomUUID()}` }));
  const workflowIds = asked.map(({ workflowId }) => workflowId);
  const first = await Promise.all(asked.map(({ what, workflowId }) => ask(runs, what, workflowId)));
  for (const workflowId of workflowIds) await event.whileOpen?.(workflowId);
  for (const { what, workflowId } of asked) {
    if (what === 'ID of a closed run') await endRun(runs.client, workflowId);
  }

  const after = await event.happen(workflowIds);
  const again = await Promise.all(
    asked.map(({ what, workflowId }) => ask(after, what, workflowId)),
  );
  // Those of another namespace are ended by their timeout, and those of another server are gone.
  for (const workflowId of workflowIds) await endRun(after.client, workflowId);
  return asked.map(({ what }, index) => {
    if (first[index]?.isNew !== true) throw new Error(`${name}, ${what}: known before`);
    const isNew = again[index]?.isNew;
    const runIds = [...new Set([first, again].map((answers) => answers[index]?.runId ?? ''))];
    return { event: name, what, outcome: isNew ? 'forgotten' : 'known', runIds };
  });
}

interface Answered {
  /** Whether it was done because of this. */
  readonly isNew: boolean;
  /** That is there now. */
  readonly runId: string;
}

async function ask(runs: ToldRuns, what: string, workflowId: string): Promise<Answered> {
  const isNew = await (what === 'update ID' ? isNewUpdate : isNewRun)(runs, workflowId);
  const { runId } = await runs.client.workflow.getHandle(workflowId).describe();
  return { isNew, runId };
}

async function isNewRun(runs: ToldRuns, workflowId: string): Promise<boolean> {
  const options = {
    ...toldOptions(runs, workflowId, { cell: workflowId }),
    workflowIdConflictPolicy: 'FAIL',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
  } as const;
  try {
    await runs.client.workflow.start('ToldWorkflow', options);
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

async function isNewUpdate(runs: ToldRuns, workflowId: string): Promise<boolean> {
  const before = runs.lines(workflowId).length;
  const startWorkflowOperation = new WithStartWorkflowOperation<typeof ToldWorkflow>(
    'ToldWorkflow',
    {
      ...toldOptions(runs, workflowId, { cell: workflowId }),
      workflowIdConflictPolicy: 'USE_EXISTING',
    },
  );
  // Nobody waits for it, and its error is the update's.
  startWorkflowOperation.workflowHandle().catch(() => {});
  await runs.client.workflow.executeUpdateWithStart('update', {
    updateId: 'update-1',
    startWorkflowOperation,
  });
  return runs.lines(workflowId).length > before;
}

/** Nobody waits for an hour: what the end of it does is what a deletion does. */
async function retention({ temporal: { client } }: AtlasGround): Promise<readonly ForgetCell[]> {
  const refusal = await client.workflowService
    .registerNamespace({
      namespace: `too-short-${randomUUID()}`,
      workflowExecutionRetentionPeriod: msToTs(59 * 60_000),
    })
    .then(() => undefined, grpcCodeOf);
  if (refusal !== INVALID_ARGUMENT) throw new Error(`59 minutes: not refused, but ${refusal}`);
  const because = 'under 1 hour is refused; its end is a deletion, of closed runs';
  return WHAT.map((what) => ({ event: 'retention of 59 minutes', what, outcome: 'n/a', because }));
}

// The number is gRPC's: https://grpc.io/docs/guides/status-codes/
const INVALID_ARGUMENT = 3;
