import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { NativeConnection } from '@temporalio/worker';
import { reasonOf } from './cli/errors.ts';
import { type FindCliOptions, findCli } from './cli/find.ts';
import type { Cli } from './cli/look.ts';
import { DEV_SERVER_HOST, type DevServerSettings, serverOptions } from './dev-server-settings.ts';
import { installQuietRuntime } from './quiet.ts';
import {
  killProcess,
  killProcessesWith,
  killWhenStarted,
  processesWith,
} from './server-process.ts';

/** A Temporal server of our own. Disposing of it closes its connections and ends its process. */
export interface DevServer extends AsyncDisposable {
  readonly env: TestWorkflowEnvironment;
  /** Host and port. */
  readonly address: string;
  readonly client: Client;
  readonly nativeConnection: NativeConnection;
  readonly cli: Cli;
  readonly pid: number;
  /**
   * Ends the process at once, for Ctrl-C and for tests of an outage. After it, disposing does nothing:
   * a call that is being retried on a connection that closes throws where nobody can catch it. The
   * connections end with this process.
   */
  kill(): void;
}

export interface DevServerOptions extends FindCliOptions, DevServerSettings {
  /** Default: what {@link findCli} finds. */
  readonly cli?: Cli;
}

/**
 * Finds or makes the CLI and starts a dev server on the loopback interface.
 *
 * Trap: stop the workers before you dispose of the server; the SDK complains on stderr about a
 * connection that is still in use.
 *
 * @param options its `signal` holds until the server has started
 * @throws {DevServerStartError} nothing is left running
 * @throws what {@link findCli} throws
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { signal, port } = options;
  const cli = options.cli ?? (await findCli(options));
  if (port !== undefined) await ensureFree(port);
  signal?.throwIfAborted();

  installQuietRuntime();
  const mark = `pressTwice.devServer="${randomUUID()}"`;
  const env = await unlessAborted(create(options, cli, mark), mark, signal);
  const [pid] = await processesWith(mark);
  if (pid === undefined) {
    await env.teardown();
    throw new DevServerStartError(`another server answered in its place at ${env.address}`);
  }
  return handleOf(env, cli, pid);
}

/** The dev server did not start. Nothing of it is left. */
export class DevServerStartError extends Error {
  override readonly name = 'DevServerStartError';

  constructor(reason: string, options?: ErrorOptions) {
    super(`The dev server did not start: ${reason}. Run \`npm run doctor\``, options);
  }
}

function handleOf(env: TestWorkflowEnvironment, cli: Cli, pid: number): DevServer {
  const { address, client, nativeConnection } = env;
  let killed = false;
  return {
    env,
    address,
    client,
    nativeConnection,
    cli,
    pid,
    kill() {
      killed = true;
      killProcess(pid);
    },
    async [Symbol.asyncDispose]() {
      if (!killed) await env.teardown();
    },
  };
}

async function create(
  options: DevServerOptions,
  cli: Cli,
  mark: string,
): Promise<TestWorkflowEnvironment> {
  try {
    return await TestWorkflowEnvironment.createLocal({
      server: serverOptions(options, cli.path, mark),
    });
  } catch (cause) {
    // The SDK leaves the process behind when the server starts and a connection to it fails.
    await killProcessesWith(mark);
    throw new DevServerStartError(reasonOf(cause), { cause });
  }
}

/** The SDK cannot be told to stop, so an abort ends the process behind its back and does not wait for it. */
function unlessAborted(
  starting: Promise<TestWorkflowEnvironment>,
  mark: string,
  signal: AbortSignal | undefined,
): Promise<TestWorkflowEnvironment> {
  if (!signal) return starting;
  return new Promise((resolve, reject) => {
    const abort = () => {
      void starting.then((env) => env.teardown()).catch(() => {});
      void killWhenStarted(mark, starting).finally(() => reject(signal.reason));
    };
    signal.addEventListener('abort', abort, { once: true });
    void starting
      .then(
        (env) => signal.aborted || resolve(env),
        (error: unknown) => signal.aborted || reject(error),
      )
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

/** With a taken port the SDK would connect to whoever has it, and take that for its own server. */
async function ensureFree(port: number): Promise<void> {
  const probe = createServer().listen(port, DEV_SERVER_HOST);
  try {
    await once(probe, 'listening');
  } catch (cause) {
    throw new DevServerStartError(`port ${port} is taken`, { cause });
  } finally {
    probe.close();
  }
}
