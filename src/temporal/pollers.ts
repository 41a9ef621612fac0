import { hostname } from 'node:os';
import type { Client } from '@temporalio/client';

/** How a worker is called by the server. What it adds to the SDK's own name tells the others something. */
export function workerIdentity(tells: string): string {
  return `${process.pid}@${hostname()} ${tells}`;
}

/**
 * Who polls a task queue for workflows now, by identity.
 *
 * Trap: a server remembers pollers for minutes. Left out are those whose last poll has ended since, and those
 * of processes of this machine that are gone; one of another machine that has just died is not.
 *
 * @returns nobody where this client may not ask
 */
export async function pollersOf(client: Client, taskQueue: string): Promise<readonly string[]> {
  const { namespace } = client.options;
  const answer = await client.connection.workflowService
    .describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType: WORKFLOWS })
    .catch(() => undefined);
  return presentPollers(answer?.pollers);
}

/** Of the pollers that a server remembers, those that are there: by identity. */
export function presentPollers(
  pollers: readonly Remembered[] | null | undefined,
): readonly string[] {
  return (pollers ?? [])
    .filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 > pollsSince())
    .map(({ identity }) => identity ?? '')
    .filter((identity) => !isGone(identity));
}

type Remembered = NonNullable<
  Awaited<ReturnType<Client['workflowService']['describeTaskQueue']>>['pollers']
>[number];

const WORKFLOWS = 1;

/** A poll that finds nothing ends after a minute, and the next one begins. */
function pollsSince(): number {
  return Date.now() - 70_000;
}

function isGone(identity: string): boolean {
  const [, pid, host] = /^(\d+)@(\S+)/.exec(identity) ?? [];
  if (pid === undefined || host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
