import { randomUUID } from 'node:crypto';
import type { Client, Connection } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { outside } from './clock.ts';
import { grpcCodeOf } from './errors.ts';
import { presentPollers, workerIdentity } from './pollers.ts';

/** A task queue, as its server sees it now. */
export interface SeenTaskQueue {
  /** Who polls it, by identity. */
  readonly workflowPollers: readonly string[];
  readonly activityPollers: readonly string[];
  /** About how many tasks wait there for a poller, of both kinds. */
  readonly waiting: number;
}

/** What the server calls itself, such as `1.29.1`. */
export async function serverVersion({ connection }: Client): Promise<string> {
  const { serverVersion: version } = await connection.workflowService.getSystemInfo({});
  return version ?? 'unknown';
}

/** How long the namespace knows a closed run, in milliseconds; undefined where there is no such namespace. */
export async function retentionOf({ connection, options }: Client): Promise<number | undefined> {
  try {
    const { namespace } = options;
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    return tsToMs(config?.workflowExecutionRetentionTtl);
  } catch (error) {
    if (grpcCodeOf(error) === NOT_FOUND) return undefined;
    throw error;
  }
}

/** Who polls a task queue, and what waits there. The trap of `pollersOf` holds here too. */
export async function lookAtTaskQueue(client: Client, taskQueue: string): Promise<SeenTaskQueue> {
  const { namespace } = client.options;
  const [workflows, activities] = await Promise.all(
    [WORKFLOWS, ACTIVITIES].map((taskQueueType) =>
      client.connection.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: taskQueue },
        taskQueueType,
        reportStats: true,
      }),
    ),
  );
  const waiting = [workflows, activities].map((seen) => seen?.stats?.approximateBacklogCount ?? 0);
  return {
    workflowPollers: presentPollers(workflows?.pollers),
    activityPollers: presentPollers(activities?.pollers),
    waiting: waiting.reduce<number>((sum, count) => sum + Number(count), 0),
  };
}

/**
 * How far the server's clock is ahead of this machine's, in milliseconds; 0 where they may agree.
 *
 * No call answers with the time. But the server notes when it was last polled: so this polls, for activities of a task
 * queue that nobody uses, reads the note, and hangs up.
 *
 * @throws what the server says to a client that may not poll
 */
export async function serverSkewMs(client: Client): Promise<number> {
  const { namespace } = client.options;
  const connection = client.connection as Connection;
  const taskQueue = { name: `press-twice-doctor-${randomUUID()}` };
  // Who does not say who it is is not noted.
  const identity = workerIdentity('press-twice doctor');
  const over = new AbortController();
  const before = Date.now();
  const refused = connection
    .withAbortSignal(over.signal, () =>
      connection.withDeadline(before + POLL_MS, () =>
        connection.workflowService.pollActivityTaskQueue({ namespace, taskQueue, identity }),
      ),
    )
    .then(() => undefined);
  try {
    const polledAt = await Promise.race([refused, notedPoll(client, taskQueue.name, over.signal)]);
    if (polledAt === undefined) throw new Error('The server noted no poll');
    return outside(polledAt, before, Date.now());
  } finally {
    over.abort();
    // A connection must not be closed while a call is on it.
    await refused.catch(() => {});
  }
}

async function notedPoll(
  client: Client,
  name: string,
  over: AbortSignal,
): Promise<number | undefined> {
  const { namespace } = client.options;
  while (!over.aborted) {
    const { pollers } = await client.connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name },
      taskQueueType: ACTIVITIES,
    });
    const at = pollers?.[0]?.lastAccessTime;
    if (at) return tsToMs(at);
  }
  return undefined;
}

/** Long enough for a server to take it: a poll of less than two seconds is refused. */
const POLL_MS = 5_000;

const WORKFLOWS = 1;
const ACTIVITIES = 2;
const NOT_FOUND = 5;
