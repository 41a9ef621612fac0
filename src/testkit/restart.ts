import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevServer, type DevServerOptions, startDevServer } from '#temporal/dev-server';
import { DEV_SERVER_HOST } from '#temporal/dev-server-settings';
import { connectTest, type Temporal } from './temporal.ts';

/** A server of one test's own, which that test may kill. */
export interface RestartableServer extends Temporal {
  /**
   * Kills the server (SIGKILL) and starts it again on the same port and the same file. Its clients and workers
   * live on and connect again by themselves.
   */
  restart(): Promise<void>;
  /** The processes that have served, in their order: another one after each restart. */
  readonly serverPids: readonly number[];
}

export type RestartableServerOptions = Omit<DevServerOptions, 'dbFilename' | 'port'>;

/**
 * Starts a dev server on a database file, which lives as long as the server. What it has acknowledged is
 * there after a restart.
 *
 * Trap: a dev server without a file keeps all in memory, and forgets acknowledged starts when it dies.
 */
export async function startRestartableServer(
  options: RestartableServerOptions,
): Promise<RestartableServer> {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-server-'));
  const dbFilename = join(folder, 'temporal.db');
  let server = await startDevServer({ ...options, dbFilename });
  const serverPids = [server.pid];
  const port = portOf(server.address);
  const temporal = await connectTest({ address: server.address });

  return {
    ...temporal,
    serverPids,
    async restart() {
      await killed(server);
      server = await startDevServer({ ...options, dbFilename, port });
      serverPids.push(server.pid);
    },
    async [Symbol.asyncDispose]() {
      await temporal[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** Ends the server, and what the start of it left open here: idle connections, on which nothing is retried. */
async function killed({ kill, env, address }: DevServer): Promise<void> {
  const peer = connect(portOf(address), DEV_SERVER_HOST);
  await once(peer, 'connect');
  peer.on('error', () => {}); // Some are reset, others closed; both are over.
  const cutOff = new Promise((resolve) => peer.resume().once('close', resolve));
  kill();
  await cutOff;
  // What stands for the dead server here would keep this process alive.
  await env.teardown();
}

function portOf(address: string): number {
  return Number(address.split(':').at(-1));
}
