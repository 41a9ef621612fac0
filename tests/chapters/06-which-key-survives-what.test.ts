/**
 * Chapter 6. Which key survives what
 *
 * Claim     Of what a key can be made of, only `<workflow ID>/<step>` gives each intent one effect in all seven cases.
 * Method    Each key against each event that runs an activity again, and against two intents that look alike: 56
 *           cells side by side on a real worker, each with an order, a store of keys and a ledger of its own.
 * Evidence  The effects of one intent in each ledger, as a table. The runs and attempts of each cell.
 * Control   The row without a key: two effects wherever something ran again.
 */
import { fileURLToPath } from 'node:url';
import { activityInfo } from '@temporalio/activity';
import { WorkflowFailedError, type WorkflowOptions } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import {
  createMemoryIdempotencyStore,
  type Effect,
  fingerprint,
  keyOf,
  performOnce,
} from '#idempotency';
import { renderTable } from '#report';
import { crashAfterEffect, forgetRun, type Recorder, resetToStart, type Temporal } from '#testkit';
import { it } from '#testkit/vitest';
import type { Order, OrderWorkflow, Step } from '../../fixtures/workflows/workflows.ts';

/** One is right in every column. Two is a fee that was taken twice, none is one that was never taken. */
const TABLE = `
effects of one intent
  key                      activity retry  workflow retry  reset  continue-as-new  start after deletion  next step  next order
  no key                                2               2      2                2                     2          1           1
  attempt                               2               1      1                1                     1          0           0
  activity ID                           1               1      1                1                     1          1           0
  run ID                                1               2      2                2                     2          0           1
  uuid4() in the workflow               1               2      2                2                     2          1           1
  run ID + activity ID                  1               2      2                2                     2          1           1
  order ID                              1               1      1                1                     1          0           1
  <workflow ID>/<step>                  1               1      1                1                     1          1           1
`;

/** What a key can be made of, where the effect happens. */
const KEYS: Readonly<Record<string, (known: KnownToActivity) => string | undefined>> = {
  'no key': () => undefined,
  attempt: ({ attempt }) => String(attempt),
  'activity ID': ({ activityId }) => activityId,
  'run ID': ({ runId }) => runId,
  // Drawn from a seed that a replay has as well. A new run has another, and a reset makes a new run.
  'uuid4() in the workflow': ({ uuid: drawn }) => drawn,
  // Proposed by https://docs.temporal.io/activity-definition#idempotency as "guaranteed to be consistent across
  // retry attempts". So it is: of the five events that repeat an activity, that is the first.
  'run ID + activity ID': ({ runId, activityId }) => `${runId}-${activityId}`,
  // Enough, as long as an order has one effect.
  'order ID': ({ orderId }) => orderId,
  // A workflow ID can be used again, and its effect does not happen again then. Where the ID is the name of the
  // intent, as here, that is what is wanted.
  '<workflow ID>/<step>': ({ workflowId, step }) => keyOf(workflowId, step),
};

/** What can happen to an order. Each makes two attempts of an activity. */
const EVENTS: readonly Event[] = [
  // Nothing but its fault: see `crashAfterEffect` below.
  { event: 'activity retry', runs: 1, happens: ({ run }) => run() },
  {
    event: 'workflow retry',
    runs: 2,
    happens: ({ run }) => run({ ending: 'failure' }, { retry: RETRY_THE_RUN }),
  },
  {
    event: 'reset',
    runs: 2,
    happens: async ({ run, reset }) => [await run(), await reset()],
  },
  {
    event: 'continue-as-new',
    runs: 2,
    happens: ({ run }) => run({ ending: 'continue-as-new' }),
  },
  {
    // The end of its retention does the same to a run. REJECT_DUPLICATE lets the second start through: the
    // server knows nothing of a first.
    event: 'start after deletion',
    runs: 2,
    happens: async ({ run, forget }) => [await run(), await forget(), await run()],
  },
  {
    event: 'next step',
    runs: 1,
    intent: ({ orderId }) => intentOf({ orderId, step: 'shipping' }),
    happens: ({ run }) => run({ steps: ['fee', 'shipping'] }),
  },
  {
    event: 'next order',
    runs: 2,
    intent: ({ orderId }) => intentOf({ orderId: next(orderId), step: 'fee' }),
    happens: async ({ orderId, run }) => [await run(), await run({ orderId: next(orderId) })],
  },
];

describe('the key of an effect', () => {
  it('gives one effect to each intent if it is <workflow ID>/<step>: 7 of 7 columns, and no other key has more than 6', async ({
    temporal,
    recorder,
  }) => {
    const cells = Object.keys(KEYS).flatMap((key) =>
      EVENTS.map((event) => createCell(temporal, { key, event })),
    );
    const faults = cells
      .filter(({ event }) => event.event === 'activity retry')
      .map(({ orderId }) => crashAfterEffect({ workflowId: orderWorkflowId(orderId) }));
    await using _worker = await temporal.runWorker(
      {
        taskQueue: temporal.taskQueue,
        workflowsPath: WORKFLOWS,
        activities: createActivities(cells),
      },
      { recorder, faults, shrink: false },
    );

    await Promise.all(cells.map((cell) => cell.event.happens(cell)));

    for (const cell of cells) {
      const { runs } = cell.event;
      expect(traces(cell, recorder), `runs and attempts of ${cell.name}`).toEqual({
        runs,
        attempts: 2,
      });
    }
    expect(tableOf(cells)).toBe(TABLE.trim());
    // What is never taken is refused by name: two intents have two fingerprints.
    for (const cell of cells) {
      const ending = effectsOf(cell) === 0 ? ['IntentMismatchError'] : [];
      expect(cell.failures, `failures of ${cell.name}`).toEqual(ending);
    }
  });
});

describe('a key that two orders share', () => {
  it('gives the second one the receipt of the first where fingerprints are not compared, and its fee is never taken', async ({
    temporal,
  }) => {
    const key = 'activity ID';
    const event: Event = { event: 'next order', runs: 2, happens: async () => {} };
    const cell = createCell(temporal, { key, event, fingerprintOf: () => 'the same for all' });
    await using _worker = await temporal.runWorker({
      taskQueue: temporal.taskQueue,
      workflowsPath: WORKFLOWS,
      activities: createActivities([cell]),
    });
    const [orderId, nextOrderId] = [cell.orderId, next(cell.orderId)];

    const receipts = await cell.run();
    const nextReceipts = await cell.run({ orderId: nextOrderId });

    expect(receipts).toEqual([`receipt for ${orderId}/fee`]);
    expect(nextReceipts, 'what the second order is told').toEqual(receipts);
    expect(cell.ledger).toHaveOneEffect(intentOf({ orderId, step: 'fee' }));
    expect(cell.ledger).toHaveEffects(intentOf({ orderId: nextOrderId, step: 'fee' }), 0);
  });
});

const WORKFLOWS = fileURLToPath(new URL('../../fixtures/workflows/workflows.ts', import.meta.url));

const RETRY_THE_RUN = { maximumAttempts: 2, initialInterval: '10 milliseconds' } as const;

/** All that an activity knows of itself, and what it is asked for. */
interface KnownToActivity extends Step {
  readonly attempt: number;
  readonly activityId: string;
  readonly workflowId: string;
  readonly runId: string;
}

interface Event {
  readonly event: string;
  /** How many runs show that it happened. */
  readonly runs: number;
  /** Whose effects are counted; unless told, those of the order's fee. */
  intent?(cell: Cell): string;
  happens(cell: Cell): Promise<unknown>;
}

type Cell = ReturnType<typeof createCell>;

interface CellOptions {
  readonly key: string;
  readonly event: Event;
  readonly fingerprintOf?: (intent: string) => string;
}

/** One key and one event: an order of its own, in a world of its own. */
function createCell(
  { client, taskQueue }: Temporal,
  { key, event, fingerprintOf = fingerprint }: CellOptions,
) {
  const name = `${key}, ${event.event}`;
  const orderId = uuid();
  const workflowId = orderWorkflowId(orderId);
  const failures: string[] = [];
  return {
    name,
    orderId,
    key,
    event,
    keys: createMemoryIdempotencyStore(),
    ledger: [] as Effect[],
    failures,
    fingerprintOf,
    async run(change?: Partial<Order>, options?: Pick<WorkflowOptions, 'retry'>) {
      const order: Order = { orderId, cell: name, steps: ['fee'], ...change };
      const answer = client.workflow.execute<typeof OrderWorkflow>('OrderWorkflow', {
        workflowId: orderWorkflowId(order.orderId),
        workflowIdConflictPolicy: 'FAIL',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowExecutionTimeout: '1 minute',
        taskQueue,
        args: [order],
        ...options,
      });
      return await answer.catch((error: unknown) => void failures.push(typeOf(error)));
    },
    async reset() {
      const runId = await resetToStart(client, workflowId);
      await client.workflow.getHandle(workflowId, runId).result();
    },
    forget: () => forgetRun(client, workflowId),
  };
}

/** The effect is a line in the ledger of its cell. */
function createActivities(cells: readonly Cell[]) {
  const byName = new Map(cells.map((cell) => [cell.name, cell]));
  return {
    async perform(step: Step): Promise<string> {
      const { attempt, activityId, workflowExecution } = activityInfo();
      const cell = byName.get(step.cell);
      if (!cell || !workflowExecution) throw new Error(`No cell "${step.cell}"`);
      const key = KEYS[cell.key]?.({ ...step, attempt, activityId, ...workflowExecution });
      const intent = intentOf(step);
      const effect = async () => {
        cell.ledger.push({ key: intent, by: workflowExecution.runId, attempt, at: Date.now() });
        return `receipt for ${intent}`;
      };
      if (key === undefined) return await effect();
      return await performOnce(cell.keys, key, cell.fingerprintOf(intent), effect);
    },
  };
}

function orderWorkflowId(orderId: string): string {
  return `ORDER-${orderId}`;
}

function next(orderId: string): string {
  return `${orderId}-next`;
}

function intentOf({ orderId, step }: Pick<Step, 'orderId' | 'step'>): string {
  return `${orderId}/${step}`;
}

function typeOf(error: unknown): string {
  const activity = error instanceof WorkflowFailedError ? error.cause : undefined;
  const failure = activity instanceof ActivityFailure ? activity.cause : undefined;
  if (failure instanceof ApplicationFailure) return failure.type ?? 'Error';
  throw error;
}

function traces({ orderId }: Cell, recorder: Recorder) {
  const attempts = recorder
    .evidence()
    .attempts.filter(({ workflowId }) => workflowId.startsWith(orderWorkflowId(orderId)));
  return { runs: new Set(attempts.map(({ runId }) => runId)).size, attempts: attempts.length };
}

function effectsOf(cell: Cell): number {
  const intent = cell.event.intent?.(cell) ?? intentOf({ orderId: cell.orderId, step: 'fee' });
  return cell.ledger.filter(({ key }) => key === intent).length;
}

function tableOf(cells: readonly Cell[]): string {
  const columns = ['key', ...EVENTS.map(({ event }) => event)];
  const rows = Object.keys(KEYS).map((key) => [
    key,
    ...cells.filter((cell) => cell.key === key).map(effectsOf),
  ]);
  return renderTable({ title: 'effects of one intent', columns, rows }, PLAIN);
}

const plain = (text: string) => text;
const PLAIN = { good: plain, bad: plain, limit: plain, title: plain, faint: plain };
