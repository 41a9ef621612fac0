import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { installQuietRuntime } from './quiet.ts';

/** The two connections that a process needs: one that starts workflows, one that runs them. */
export interface Connections extends AsyncDisposable {
  readonly address: string;
  readonly client: Client;
  readonly nativeConnection: NativeConnection;
}

/**
 * Connects to an existing server as the standard environment configuration says: address, namespace,
 * profile, TLS, API key.
 *
 * @param withinMs how long the server may take to answer, in milliseconds
 * @throws {ConnectionRefusedError} with the address, when nobody answers there
 * @see https://docs.temporal.io/develop/environment-configuration
 */
export async function connect(
  env: NodeJS.ProcessEnv = process.env,
  { withinMs = 5_000 }: { readonly withinMs?: number } = {},
): Promise<Connections> {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({
    overrideEnvVars: stringsOf(env),
  });
  installQuietRuntime();
  const address = connectionOptions.address ?? 'localhost:7233';
  const connection = await answering(address, () =>
    Connection.connect({ ...connectionOptions, connectTimeout: withinMs }),
  );
  const nativeConnection = await answering(address, () =>
    NativeConnection.connect(connectionOptions),
  );

  return {
    address,
    client: new Client({ connection, namespace }),
    nativeConnection,
    async [Symbol.asyncDispose]() {
      await connection.close();
      await nativeConnection.close();
    },
  };
}

/** No Temporal server answers at the address that the environment names. */
export class ConnectionRefusedError extends Error {
  override readonly name = 'ConnectionRefusedError';
  readonly address: string;

  constructor(address: string, options?: ErrorOptions) {
    super(
      `No Temporal server answers at ${address}: start it, or unset TEMPORAL_ADDRESS for a dev server`,
      options,
    );
    this.address = address;
  }
}

async function answering<T>(address: string, connecting: () => Promise<T>): Promise<T> {
  try {
    return await connecting();
  } catch (cause) {
    throw new ConnectionRefusedError(address, { cause });
  }
}

function stringsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
