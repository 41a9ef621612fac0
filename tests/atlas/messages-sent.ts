import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Told, ToldWorkflow } from '#fixtures/workflows/atlas';
import { type ToldRuns, toldOptions } from './told.ts';

/** Two sends of one message, in one situation. */
export interface Case {
  readonly runs: ToldRuns;
  readonly cell: string;
  readonly workflowId: string;
}

/** A message to a run; the situations send it twice. */
export interface Message {
  /** Whether it starts the run that it tells; otherwise that is there already, and does this of itself. */
  readonly run: 'starts it' | Told['first'] | 'waits';
  /** Lines in the ledger when the first one has come to its end. */
  readonly lines: number;
  /** @throws how it is refused */
  send(at: Case): Promise<unknown>;
  /** Where its effects are no lines in the ledger: which runs they are, of those that were not refused. */
  effects?(sent: readonly unknown[]): number;
}

export const MESSAGES: Readonly<Record<string, Message>> = {
  start: {
    run: 'starts it',
    lines: 1,
    send: ({ runs, workflowId, cell }) =>
      runs.client.workflow.start(
        'ToldWorkflow',
        toldOptions(runs, workflowId, { cell, first: 'act' }),
      ),
  },
  signal: {
    run: 'waits',
    lines: 1,
    send: ({ runs, workflowId }) => handleOf(runs, workflowId).signal('tell'),
  },
  signalWithStart: {
    run: 'starts it',
    lines: 1,
    send: ({ runs, workflowId, cell }) =>
      runs.client.workflow.signalWithStart('ToldWorkflow', {
        ...toldOptions(runs, workflowId, { cell }),
        signal: 'tell',
      }),
  },
  'update, same ID': {
    run: 'waits',
    lines: 1,
    send: ({ runs, workflowId, cell }) =>
      handleOf(runs, workflowId).executeUpdate('update', { updateId: cell }),
  },
  'update with start, same ID': {
    run: 'starts it',
    lines: 1,
    send({ runs, workflowId, cell }) {
      const startWorkflowOperation = new WithStartWorkflowOperation<typeof ToldWorkflow>(
        'ToldWorkflow',
        {
          ...toldOptions(runs, workflowId, { cell }),
          // The SDK's types ask for one.
          workflowIdConflictPolicy: 'USE_EXISTING',
        },
      );
      // Nobody waits for it, and its error is the update's.
      startWorkflowOperation.workflowHandle().catch(() => {});
      return runs.client.workflow.executeUpdateWithStart('update', {
        updateId: cell,
        startWorkflowOperation,
      });
    },
  },
  query: {
    run: 'waits',
    lines: 0,
    send: ({ runs, workflowId }) => handleOf(runs, workflowId).query('ask'),
  },
  reset: {
    run: 'act',
    // What was done before, and again.
    lines: 2,
    send: ({ runs, workflowId, cell }) => reset(runs, workflowId, runs.lines(cell)[0]?.runId),
    effects: (runIds) => new Set(runIds).size,
  },
  'completion by token': {
    run: 'wait for an answer',
    lines: 1,
    send: async ({ runs, cell }) =>
      await runs.client.activity.complete(await runs.token(cell), undefined),
  },
  cancel: {
    run: 'waits',
    lines: 1,
    send: ({ runs, workflowId }) => handleOf(runs, workflowId).cancel(),
  },
  terminate: {
    run: 'act',
    lines: 1,
    async send({ runs, workflowId }) {
      const { runId } = await handleOf(runs, workflowId).describe();
      await handleOf(runs, workflowId).terminate();
      return runId;
    },
    effects: (runIds) => new Set(runIds).size,
  },
};

export function newCase(runs: ToldRuns): Case {
  const cell = `MESSAGE-${randomUUID()}`;
  return { runs, cell, workflowId: cell };
}

function handleOf({ client }: ToldRuns, workflowId: string) {
  return client.workflow.getHandle<typeof ToldWorkflow>(workflowId);
}

/** Both are about the same run, whatever has become of it. */
async function reset(
  { client }: ToldRuns,
  workflowId: string,
  runId: string | undefined,
): Promise<string> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const firstTask = events?.find((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
  const { runId: made } = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, ...(runId !== undefined && { runId }) },
    workflowTaskFinishEventId: firstTask ?? null,
    reason: 'to see what happens twice',
    requestId: randomUUID(),
  });
  return made;
}
