import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation, type Workflow } from '@temporalio/client';
import type {
  Told,
  ToldJoiningParentWorkflow,
  ToldParentWorkflow,
  ToldWorkflow,
} from '#fixtures/workflows/atlas';
import { createMemoryIdempotencyStore, performOnce } from '#idempotency';
import { placeOrJoin, startOrJoin } from '#temporal';
import { endRun, type ToldRuns, toldOptions } from './told.ts';

/** How something is asked for under an ID. */
export interface Asking {
  readonly by: 'Temporal' | 'ours';
  /** What has become of the run that was asked for first. */
  readonly states: readonly ('open' | 'closed')[];
  /** @returns the payload whose answer this caller gets @throws how it is refused */
  ask(runs: ToldRuns, workflowId: string, payload: string): Promise<unknown>;
}

const BOTH = ['open', 'closed'] as const;
const store = createMemoryIdempotencyStore();

export const ASKINGS: Readonly<Record<string, Asking>> = {
  start: {
    by: 'Temporal',
    states: BOTH,
    async ask(runs, workflowId, payload) {
      await runs.client.workflow.start('ToldWorkflow', optionsOf(runs, workflowId, payload));
      return await payloadOf(runs, workflowId);
    },
  },
  signalWithStart: {
    by: 'Temporal',
    states: BOTH,
    async ask(runs, workflowId, payload) {
      const options = optionsOf(runs, workflowId, payload);
      await runs.client.workflow.signalWithStart('ToldWorkflow', { ...options, signal: 'tell' });
      return await payloadOf(runs, workflowId);
    },
  },
  'update, same ID': {
    by: 'Temporal',
    states: BOTH,
    async ask(runs, workflowId, payload) {
      await runs.client.workflow
        .start('ToldWorkflow', optionsOf(runs, workflowId, payload))
        .catch(() => {}); // It is there: what is asked is the update.
      const handle = runs.client.workflow.getHandle<typeof ToldWorkflow>(workflowId);
      const update = { updateId: 'update-1', args: [payload] as [string] };
      return await handle.executeUpdate<string, [string]>('update', update);
    },
  },
  'update with start, same ID': {
    by: 'Temporal',
    states: BOTH,
    async ask(runs, workflowId, payload) {
      const startWorkflowOperation = new WithStartWorkflowOperation<Workflow>(
        'ToldWorkflow',
        optionsOf(runs, workflowId, payload),
      );
      // Nobody waits for it, and its error is the update's.
      startWorkflowOperation.workflowHandle().catch(() => {});
      const update = { updateId: 'update-1', args: [payload] as [string], startWorkflowOperation };
      return await runs.client.workflow.executeUpdateWithStart('update', update);
    },
  },
  'child start': {
    by: 'Temporal',
    states: BOTH,
    async ask(runs, workflowId, payload) {
      const parentId = `PARENT-${randomUUID()}`;
      await runs.client.workflow.start<typeof ToldParentWorkflow>('ToldParentWorkflow', {
        ...toldOptions(runs, parentId, toldOf(workflowId, payload)),
        args: [toldOf(workflowId, payload), { workflowId, atOnce: 1, reuse: 'REJECT_DUPLICATE' }],
      });
      const { result } = await endRun(runs.client, parentId);
      if (typeof result === 'string') throw Object.assign(new Error(), { name: result });
      return await payloadOf(runs, workflowId);
    },
  },
  startOrJoin: {
    by: 'ours',
    states: BOTH,
    async ask(runs, workflowId, payload) {
      const asked = toldOptions(runs, workflowId, toldOf(workflowId, payload));
      await startOrJoin<typeof ToldWorkflow>(runs.client, 'ToldWorkflow', asked);
      return await payloadOf(runs, workflowId);
    },
  },
  placeOrJoin: {
    by: 'ours',
    states: BOTH,
    async ask(runs, workflowId, payload) {
      const asked = toldOptions(runs, workflowId, toldOf(workflowId, payload));
      const placed = await placeOrJoin<typeof ToldWorkflow, string>(runs.client, 'ToldWorkflow', {
        ...asked,
        update: 'place',
      });
      return placed.answer;
    },
  },
  startOrJoinChild: {
    by: 'ours',
    // The parent waits for the answer of a child that is open.
    states: ['closed'],
    async ask(runs, workflowId, payload) {
      const parentId = `PARENT-${randomUUID()}`;
      const told = toldOf(workflowId, payload);
      return await runs.client.workflow.execute<typeof ToldJoiningParentWorkflow>(
        'ToldJoiningParentWorkflow',
        { ...toldOptions(runs, parentId, told), args: [told, workflowId] },
      );
    },
  },
  'performOnce, same key': {
    by: 'ours',
    states: ['closed'],
    ask: (_runs, key, payload) => performOnce(store, key, payload, async () => payload),
  },
};

function toldOf(cell: string, payload: string): Told {
  return { cell, payload };
}

function optionsOf(runs: ToldRuns, workflowId: string, payload: string) {
  return {
    ...toldOptions(runs, workflowId, toldOf(workflowId, payload)),
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
  } as const;
}

/** Of the run that is there. */
async function payloadOf({ client }: ToldRuns, workflowId: string): Promise<string | undefined> {
  return await client.workflow.getHandle<typeof ToldWorkflow>(workflowId).query('ask');
}
