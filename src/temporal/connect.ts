import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import { type ConnectionSettings, readConnectionSettings } from './connection-settings.ts';
import { diagnose, type Finding, type RefusalReason } from './diagnose.ts';
import { grpcCodeOf } from './errors.ts';
import { installQuietRuntime } from './quiet.ts';

export { ConnectionSettingsError, namesServer } from './connection-settings.ts';
export type { RefusalReason } from './diagnose.ts';

/** The two connections that a process needs: one that starts workflows, one that runs them. */
export interface Connections extends AsyncDisposable {
  readonly address: string;
  readonly client: Client;
  readonly nativeConnection: NativeConnection;
}

export interface ConnectOptions {
  /** How long the server may take to answer, in milliseconds. */
  readonly withinMs?: number;
  /** How payloads are written, such as `encryptingDataConverter`; every process that reads them needs the same. */
  readonly dataConverter?: DataConverter | undefined;
  /** Unless it is `may be missing`, a server without the namespace is refused. */
  readonly namespace?: 'may be missing';
}

/**
 * Connects to an existing server as the standard environment configuration says: address, namespace,
 * profile, TLS, API key.
 *
 * @throws {ConnectionSettingsError} before anything is sent
 * @throws {ConnectionRefusedError} with what is wrong, and with the variable that mends it
 * @see https://docs.temporal.io/develop/environment-configuration
 */
export async function connect(
  env: NodeJS.ProcessEnv = process.env,
  { withinMs = 5_000, dataConverter, namespace: asked }: ConnectOptions = {},
): Promise<Connections> {
  const settings = readConnectionSettings(env);
  const { address, namespace, options } = settings;
  installQuietRuntime();
  const connection = Connection.lazy({ ...options, connectTimeout: withinMs });
  const opened: { close(): Promise<void> }[] = [connection];
  const closeAll = async () => {
    for (const one of opened) await one.close();
  };
  try {
    // The worker's connection first: it fails at once where the client's waits for its deadline.
    const nativeConnection = await openNative(options, withinMs);
    opened.push(nativeConnection);
    await requireAnswer(connection, asked === undefined ? namespace : undefined, withinMs);
    const client = new Client({ connection, namespace, ...(dataConverter && { dataConverter }) });
    return { address, client, nativeConnection, [Symbol.asyncDispose]: closeAll };
  } catch (cause) {
    const finding =
      (await diagnose(settings, withinMs)) ?? (await findingOfCall(settings, connection, cause));
    await closeAll();
    throw new ConnectionRefusedError(address, finding, { cause });
  }
}

/** No Temporal server answers at the address that the environment names, or the one there lets nobody in. */
export class ConnectionRefusedError extends Error {
  override readonly name = 'ConnectionRefusedError';
  readonly address: string;
  readonly reason: RefusalReason;
  /** The two halves of the message. */
  readonly what: string;
  readonly mend: string;

  constructor(address: string, { reason, does, mend }: Finding, options?: ErrorOptions) {
    const what =
      reason === 'no answer'
        ? `No Temporal server answers at ${address}`
        : `The Temporal server at ${address} ${does}`;
    super(`${what}: ${mend}`, options);
    this.address = address;
    this.reason = reason;
    this.what = what;
    this.mend = mend;
  }
}

/** The SDK's own attempt has no deadline, and cannot be told to stop. */
async function openNative(
  options: ConnectionSettings['options'],
  withinMs: number,
): Promise<NativeConnection> {
  const connecting = NativeConnection.connect(options);
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    late = setTimeout(() => reject(new Error(`No answer in ${withinMs} ms`)), withinMs);
  });
  try {
    return await Promise.race([connecting, tooLate]);
  } catch (error) {
    void connecting.then((connection) => connection.close()).catch(() => {});
    throw error;
  } finally {
    clearTimeout(late);
  }
}

async function requireAnswer(
  connection: Connection,
  namespace: string | undefined,
  withinMs: number,
): Promise<void> {
  await connection.ensureConnected();
  await connection.withDeadline(Date.now() + withinMs, async () => {
    if (namespace === undefined) await connection.workflowService.getSystemInfo({});
    else await connection.workflowService.describeNamespace({ namespace });
  });
}

/** A server that is there has refused a call. Only the client tells by which code; the worker's error is a text. */
async function findingOfCall(
  { namespace, options }: ConnectionSettings,
  connection: Connection,
  error: unknown,
): Promise<Finding> {
  const refusal = grpcCodeOf(error) === undefined ? await refusalOf(connection) : error;
  const code = grpcCodeOf(refusal);
  if (code === NOT_FOUND) {
    const does = `has no namespace "${namespace}"`;
    const create = `register it (press-twice namespace ${namespace})`;
    return { reason: 'unknown namespace', does, mend: `${create}, or mend TEMPORAL_NAMESPACE` };
  }
  if (code === PERMISSION_DENIED || code === UNAUTHENTICATED) {
    const does = options.apiKey === undefined ? 'asks who this is' : 'does not accept this API key';
    const mend = options.apiKey === undefined ? 'set TEMPORAL_API_KEY' : 'mend TEMPORAL_API_KEY';
    return { reason: 'not authorised', does, mend: `${mend}, or TEMPORAL_NAMESPACE` };
  }
  const says = refusal instanceof Error ? refusal.message : String(refusal);
  return { reason: 'no answer', does: 'does not answer', mend: `mend TEMPORAL_ADDRESS (${says})` };
}

async function refusalOf(connection: Connection): Promise<unknown> {
  return await connection.ensureConnected().then(
    () => 'it came too late',
    (error: unknown) => error,
  );
}

// The numbers are gRPC's: https://grpc.io/docs/guides/status-codes/
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;
