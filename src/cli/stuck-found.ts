import { openDatabase } from '#database';
import { createPostgresIdempotencyStore, type StuckKey } from '#idempotency';
import { ORDER_STATUS, type OrderStatus } from '#systems/orders';
import { reasonOf } from '#temporal/cli/errors';
import { connect } from '#temporal/connect';
import {
  findPendingRuns,
  findStuckTasks,
  type PendingRun,
  type StuckQuery,
} from '#temporal/stuck-runs';
import type { StuckTask } from '#temporal/stuck-tasks';
import { askVersion } from './database-url.ts';

/** Something that does not go on by itself. */
export interface Stuck {
  readonly kind: 'key' | 'workflow task' | 'activity' | 'refund';
  /** The key, or the workflow ID. */
  readonly id: string;
  /** Since its lease ended, or since its run started. */
  readonly since: string;
  /** A sentence without its end, which is the mend. */
  readonly what: string;
  readonly mend: string;
}

export interface Found {
  readonly stuck: readonly Stuck[];
  /** Where nobody has looked, a line each. */
  readonly notes: readonly string[];
}

/** It could not be looked at what is stuck; whether something is, is not known. */
export class CannotLookError extends Error {
  override readonly name = 'CannotLookError';
}

/**
 * Keys whose lease ended this long ago: an effect of which nobody knows whether it happened.
 *
 * @throws {DatabaseUrlError}
 * @throws {CannotLookError}
 */
export async function stuckKeys(databaseUrl: string, olderThanMs: number): Promise<Found> {
  await using database = openDatabase({ url: databaseUrl });
  await askVersion(databaseUrl, database);
  const keys = await createPostgresIdempotencyStore({ database })
    .stuck()
    .catch((cause: unknown) => {
      throw new CannotLookError(`The keys cannot be read: ${reasonOf(cause)}`, { cause });
    });
  const old = keys.filter(({ leaseEndedAt }) => leaseEndedAt <= Date.now() - olderThanMs);
  return { stuck: old.map(ofKey), notes: [] };
}

/**
 * What the server that the environment names has of tasks and refunds that are stuck.
 *
 * @throws what `connect` throws
 * @throws {CannotLookError}
 */
export async function stuckInServer(query: StuckQuery): Promise<Found> {
  await using connections = await connect();
  const { client } = connections;
  const within = Date.now() + WITHIN_MS;
  return await client
    .withDeadline(within, async () => {
      const { tasks, lookedAt, isPart } = await findStuckTasks(client, query);
      const name = ORDER_STATUS.name;
      const refunds = await findPendingRuns(client, name, REFUND_PENDING, query);
      const stuck = [...tasks.toSorted(byStart).map(ofTask), ...refunds.runs.map(ofRefund)];
      const parts = [
        ...(isPart ? [`looked at ${lookedAt} open runs`] : []),
        ...(refunds.isPart ? [`tells of ${refunds.runs.length} refunds`] : []),
      ];
      return { stuck, notes: parts.map((part) => `${part}, and there are more: ${MORE}`) };
    })
    .catch((cause: unknown) => {
      throw new CannotLookError(`The runs cannot be read: ${serverReasonOf(cause)}`, { cause });
    });
}

const MORE = 'name a --task-queue, or a higher --most';
/** A thousand runs take a few seconds. */
const WITHIN_MS = 60_000;
const REFUND_PENDING: OrderStatus = 'REFUND_PENDING';

function byStart(one: StuckTask, other: StuckTask): number {
  return one.startedAt.getTime() - other.startedAt.getTime();
}

function ofKey({ key, token, leaseEndedAt }: StuckKey): Stuck {
  return {
    kind: 'key',
    id: key,
    since: new Date(leaseEndedAt).toISOString(),
    what: `key "${key}" is in flight, and its lease ended at ${new Date(leaseEndedAt).toISOString()}`,
    mend: `look whether its effect happened, then settle("${key}", ${token}, …) as done, refused or not attempted`,
  };
}

function ofTask(task: StuckTask): Stuck {
  const { kind, workflowId, startedAt, type, attempt, lastFailure } = task;
  const why = lastFailure === undefined ? '' : ` (${oneLine(lastFailure)})`;
  const of = kind === 'activity' ? `activity ${type} of ${workflowId}` : `workflow ${workflowId}`;
  const what =
    kind === 'activity'
      ? `${of} is at attempt ${attempt}${why}`
      : `${of} fails its workflow task, attempt ${attempt}${why}`;
  return { kind, id: workflowId, since: startedAt.toISOString(), what, mend: MENDS[kind] };
}

const MENDS = {
  activity: 'mend what it asks; it is tried again by itself, and its key keeps it to one effect',
  'workflow task':
    'mend the code and deploy it, and the run goes on by itself; do not start it again under another ID',
} as const;

function ofRefund({ workflowId, startedAt, status }: PendingRun): Stuck {
  const isOpen = status === 'RUNNING';
  return {
    kind: 'refund',
    id: workflowId,
    since: startedAt.toISOString(),
    what: `order ${workflowId} is ${REFUND_PENDING}${isOpen ? '' : `, and its run is ${status}`}`,
    mend: isOpen
      ? 'mend what keeps the refund from being made, then POST /orders/ID/retry-compensation'
      : 'nobody goes on with it: look what the gateway has under its refund key, and refund it by that key',
  };
}

/** "Failed to list workflows", says the client; what the server has said is the cause. */
function serverReasonOf(error: unknown): string {
  return reasonOf(error instanceof Error ? (error.cause ?? error) : error);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').slice(0, 200);
}
