import type { Config } from '#config';
import { SEARCH_ATTRIBUTES } from '#server';
import { reasonOf } from '#temporal/cli/errors';
import { ConnectionRefusedError, type Connections, connect, namesServer } from '#temporal/connect';
import {
  lookAtTaskQueue,
  retentionOf,
  serverSkewMs,
  serverVersion,
} from '#temporal/look-at-server';
import { missingSearchAttributes } from '#temporal/search-attributes';
import type { Check } from './doctor.ts';
import { clockCheck } from './doctor-postgres.ts';
import { taskQueuesOf } from './task-queues.ts';

type Client = Connections['client'];

/**
 * What the server that the environment names has, and lacks; nothing where none is named.
 *
 * @throws {ConnectionSettingsError}
 */
export async function checkServer(config: Config, env: NodeJS.ProcessEnv): Promise<Check[]> {
  if (!namesServer(env)) return [];
  const name = 'Temporal server';
  try {
    await using connections = await connect(env, { namespace: 'may be missing' });
    const { client, address } = connections;
    const found = `${address}, server ${await serverVersion(client)}, from ${sourceOf(env)}`;
    const within = Date.now() + WITHIN_MS;
    const inside = await client.withDeadline(within, () => checkInside(client, config));
    return [{ name, ok: 'ok', found }, ...inside];
  } catch (error) {
    if (!(error instanceof ConnectionRefusedError)) throw error;
    return [{ name, ok: 'broken', found: error.what, mend: error.mend }];
  }
}

/** Without its namespace a server has nothing more to tell. */
async function checkInside(client: Client, config: Config): Promise<Check[]> {
  const namespace = await orWarn('namespace', () => checkNamespace(client));
  if (namespace.ok === 'broken') return [namespace];
  const queues = Object.entries(taskQueuesOf(config)).map(([system, queue]) =>
    orWarn(`task queue, ${system}`, (name) => checkTaskQueue(client, name, queue)),
  );
  return [
    namespace,
    await orWarn('search attributes', (name) => checkSearchAttributes(client, name)),
    ...(await Promise.all(queues)),
    await orWarn('clock, server', async (name) => clockCheck(name, await serverSkewMs(client))),
  ];
}

async function checkNamespace(client: Client): Promise<Check> {
  const name = 'namespace';
  const { namespace } = client.options;
  const retentionMs = await retentionOf(client);
  if (retentionMs === undefined) {
    const mend = `press-twice namespace ${namespace}, or mend TEMPORAL_NAMESPACE`;
    return { name, ok: 'broken', found: `the server has no namespace "${namespace}"`, mend };
  }
  const found = `${namespace}, a closed run is known for ${retentionMs / HOUR_MS} h`;
  if (retentionMs >= DAY_MS) return { name, ok: 'ok', found };
  const mend = `longer than any client retries: temporal operator namespace update --namespace ${namespace} --retention 72h`;
  return { name, ok: 'warn', found, mend };
}

async function checkSearchAttributes(client: Client, name: string): Promise<Check> {
  const missing = await missingSearchAttributes(client, SEARCH_ATTRIBUTES);
  if (missing === undefined) {
    const mend = 'ask for the rights, or for a look at the list';
    return { name, ok: 'warn', found: 'this client may not list them', mend };
  }
  if (missing.length === 0) {
    return { name, ok: 'ok', found: `all ${SEARCH_ATTRIBUTES.length} are there` };
  }
  const found = `missing: ${missing.map((key) => key.name).join(', ')}`;
  return { name, ok: 'broken', found, mend: `press-twice namespace ${client.options.namespace}` };
}

async function checkTaskQueue(client: Client, name: string, queue: string): Promise<Check> {
  const { workflowPollers, activityPollers, waiting } = await lookAtTaskQueue(client, queue);
  const workers = new Set([...workflowPollers, ...activityPollers]).size;
  if (workflowPollers.length > 0 && activityPollers.length > 0) {
    return { name, ok: 'ok', found: `${queue}, pollers: ${workers}` };
  }
  const kinds = [
    ...(workflowPollers.length > 0 ? [] : ['workflows']),
    ...(activityPollers.length > 0 ? [] : ['activities']),
  ];
  const waits = waiting > 0 ? `, and about ${waiting} tasks wait` : '';
  const found = `${queue}, nobody polls for ${kinds.join(' or ')}${waits}`;
  const mend = 'start press-twice serve or press-twice worker, with the same task queue';
  return { name, ok: waiting > 0 ? 'broken' : 'warn', found, mend };
}

/** What a server does not tell this client is no reason to say nothing of the rest. */
async function orWarn(name: string, look: (name: string) => Promise<Check>): Promise<Check> {
  return await look(name).catch((error: unknown) => {
    const mend = 'ask the server again, or for the rights to see it';
    return { name, ok: 'warn', found: reasonOf(error), mend };
  });
}

function sourceOf({ TEMPORAL_ADDRESS, TEMPORAL_PROFILE }: NodeJS.ProcessEnv): string {
  return TEMPORAL_ADDRESS ? 'TEMPORAL_ADDRESS' : `profile ${TEMPORAL_PROFILE || 'default'}`;
}

const WITHIN_MS = 10_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
