/**
 * Chapter 37. Today's gaps
 *
 * Claim     Four things that the SDK and the server lack today cost four workarounds in this house. Each has a canary
 *           here, which turns red when the gap is closed, and says what can go then.
 * Method    Each is asked for on a real server: the run in the error of a refused start, a conflict policy for a child,
 *           an update ID in the run after, and the first run of somebody else's chain.
 * Evidence  What is answered, and the server's own words where it knows what the SDK leaves out.
 * Control   The same through the workaround: the run is named, and the cancellation arrives. For the child that is
 *           chapter 29, and for the update chapter 28.
 */
import { readFileSync } from 'node:fs';
import { WorkflowNotFoundError } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { describe, expect } from 'vitest';
import type { ToldWorkflow } from '#fixtures/workflows/atlas';
import { startOrJoin } from '#temporal';
import { it } from '#testkit/vitest';
import { startParent } from '../atlas/messages-by-others.ts';
import { newCase } from '../atlas/messages-sent.ts';
import { endRun, runTold, toldOptions, turnPage } from '../atlas/told.ts';

const GAPS = {
  'the run in the error': {
    issue: 'https://github.com/temporalio/sdk-typescript/issues/1838',
    workaround: 'async function openRunId',
    path: 'src/temporal/start-or-join.ts',
  },
  'a conflict policy for children': {
    issue: 'https://github.com/temporalio/temporal/issues/6799',
    workaround: 'export async function startOrJoinChild',
    path: 'src/temporal/workflow.ts',
  },
  // Closed: handlers can see the ID, and the server still forgets it. No issue asks for more.
  'update IDs beyond the run': {
    issue: 'https://github.com/temporalio/sdk-typescript/issues/1317',
    workaround: 'state.updates.find(({ update_id })',
    path: 'src/systems/orders/order-handlers.ts',
  },
  // A server of 1.32 or newer names it in its answer (temporalio/temporal#10873). An SDK that reads it is what is missing.
  'the first run under USE_EXISTING': {
    issue: 'https://github.com/temporalio/temporal/issues/8537',
    workaround: 'client.workflow.getHandle<W>(workflowId, runId)',
    path: 'src/temporal/start-or-join.ts',
  },
} as const;

describe('the error of a refused start', () => {
  it('names no run, though the server has named it: temporalio/sdk-typescript#1838', async ({
    temporal,
  }) => {
    await using runs = await runTold(temporal);
    const { cell, workflowId } = newCase(runs);
    const { client } = runs;
    const asked = toldOptions(runs, workflowId, { cell });
    const ask = () => startOrJoin<typeof ToldWorkflow>(client, 'ToldWorkflow', asked);
    const first = await ask();
    await endRun(client, workflowId);

    const refusal = await client.workflow
      .start('ToldWorkflow', { ...asked, workflowIdReusePolicy: 'REJECT_DUPLICATE' })
      .catch(errorOf);
    const told = await client.workflowService
      .startWorkflowExecution({
        namespace: client.options.namespace,
        workflowId,
        workflowType: { name: 'ToldWorkflow' },
        taskQueue: { name: runs.taskQueue },
        requestId: cell,
        workflowIdReusePolicy: REJECT_DUPLICATE,
      })
      .then(() => 'started', String);

    expect(refusal).toBeInstanceOf(WorkflowExecutionAlreadyStartedError);
    expect(told, 'what the server says').toContain(first.runId);
    expect(Object.values(refusal), `${canary('the run in the error')}. What is seen`).not.toContain(
      first.runId,
    );

    const again = await ask();
    expect([again.outcome, again.runId]).toEqual(['replayed', first.runId]);
  });
});

describe('a child whose ID is taken', () => {
  it('is refused, whatever conflict policy is written: temporalio/temporal#6799', async ({
    temporal,
  }) => {
    await using runs = await runTold(temporal);
    const at = newCase(runs);
    const [parent, other] = [`${at.cell}-parent`, `${at.cell}-other-parent`];

    await startParent(at, parent, 1);
    await runs.untilDone(at.cell, 1);
    await startParent(at, other, 1);
    const [{ result }, { result: refused }] = [
      await endRun(runs.client, parent),
      await endRun(runs.client, other),
    ];
    await endRun(runs.client, at.workflowId);

    expect(result, 'how the first parent was refused').toBeUndefined();
    expect(refused, `${canary('a conflict policy for children')}. What is seen`).toBe(
      WorkflowExecutionAlreadyStartedError.name,
    );
    expect(runs.lines(at.cell).length, 'lines in the ledger').toBe(1);
  });
});

describe('an update ID', () => {
  it('is unknown to the run after: temporalio/sdk-typescript#1317', async ({ temporal }) => {
    await using runs = await runTold(temporal);
    const { cell, workflowId } = newCase(runs);
    const { client } = runs;
    await client.workflow.start('ToldWorkflow', toldOptions(runs, workflowId, { cell }));
    const update = () =>
      client.workflow
        .getHandle<typeof ToldWorkflow>(workflowId)
        .executeUpdate('update', { updateId: 'update-1' });

    await update();
    await update();
    const inItsRun = runs.lines(cell).length;
    await turnPage(client, workflowId);
    await update();
    await endRun(client, workflowId);

    expect(inItsRun, 'lines in the ledger, in the run that knew it').toBe(1);
    expect(runs.lines(cell).length, `${canary('update IDs beyond the run')}. What is seen`).toBe(
      1 + 1,
    );
  });
});

describe('the handle of a start that has joined a chain of runs', () => {
  it('takes the run that is open for the first one, and cancels nothing: temporalio/temporal#8537', async ({
    temporal,
  }) => {
    await using runs = await runTold(temporal);
    const { cell, workflowId } = newCase(runs);
    const { client } = runs;
    const start = () =>
      client.workflow.start('ToldWorkflow', {
        ...toldOptions(runs, workflowId, { cell }),
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
    const first = await start();
    await turnPage(client, workflowId);
    const { runId: open } = await client.workflow.getHandle(workflowId).describe();

    const joined = await start();
    const refusal = await joined.cancel().catch(errorOf);
    const before = runs.lines(cell).length;
    await client.workflow.getHandle(workflowId).cancel();
    await runs.untilDone(cell, 1);
    await endRun(client, workflowId);

    expect(open, 'the run that is open').not.toBe(first.firstExecutionRunId);
    expect(
      joined.firstExecutionRunId,
      `${canary('the first run under USE_EXISTING')}. What is seen`,
    ).toBe(open);
    expect(refusal).toBeInstanceOf(WorkflowNotFoundError);
    expect(before, 'cancellations that arrived through that handle').toBe(0);
    expect(runs.lines(cell).length, 'through a handle by ID').toBe(1);
  });
});

describe('a canary that turns red', () => {
  it.for(Object.entries(GAPS))(
    'names a workaround that is there: %s',
    ([, { path, workaround }]) => {
      const source = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

      expect(source.split(workaround).length - 1, `"${workaround}" in ${path}`).toBeGreaterThan(0);
    },
  );
});

// The number is the API's: temporal.api.enums.v1.WorkflowIdReusePolicy.
const REJECT_DUPLICATE = 3;

/** What a red test says: the gap is closed, and this can go. */
function canary(gap: keyof typeof GAPS): string {
  const { issue, workaround, path } = GAPS[gap];
  return `There is ${gap} now (${issue}). See whether "${workaround}" of ${path} can go`;
}

function errorOf(error: Error): Error {
  return error;
}
