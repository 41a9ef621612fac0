import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import {
  type ClientConfigTLS,
  type ClientConnectConfig,
  loadClientConfigProfile,
  toClientOptions,
} from '@temporalio/envconfig';

/** Where the server is, and how to speak to it. */
export interface ConnectionSettings {
  readonly address: string;
  readonly namespace: string;
  readonly options: ClientConnectConfig['connectionOptions'];
}

/**
 * Reads the standard environment configuration: address, namespace, profile, TLS, API key. An empty variable
 * counts as absent.
 *
 * Trap: this SDK verifies a server's certificate always. It reads TEMPORAL_TLS_DISABLE_HOST_VERIFICATION, and
 * a profile's `disable_host_verification`, and does nothing with it.
 *
 * @throws {ConnectionSettingsError}
 * @see https://docs.temporal.io/develop/environment-configuration
 */
export function readConnectionSettings(env: NodeJS.ProcessEnv = process.env): ConnectionSettings {
  const { profile, options } = load(stringsOf(env));
  const { address = 'localhost:7233', namespace = 'default' } = profile;
  requireBoth(profile.tls);
  requireReadable(options.tls);
  requireVerification(address, env.TEMPORAL_TLS_DISABLE_HOST_VERIFICATION);
  return { address, namespace, options: { ...options, address } };
}

/**
 * Whether the environment names a server: by an address, or by a profile that has one.
 *
 * Trap: the profile file in its usual place counts for nothing alone. Who has one for production would send it
 * the orders of an experiment.
 *
 * @throws {ConnectionSettingsError}
 */
export function namesServer(env: NodeJS.ProcessEnv = process.env): boolean {
  const { TEMPORAL_ADDRESS, TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE } = stringsOf(env);
  if (TEMPORAL_ADDRESS !== undefined) return true;
  if (TEMPORAL_PROFILE === undefined && TEMPORAL_CONFIG_FILE === undefined) return false;
  return load(stringsOf(env)).profile.address !== undefined;
}

/** A setting of the connection cannot be used. Nothing was sent to anybody. */
export class ConnectionSettingsError extends Error {
  override readonly name = 'ConnectionSettingsError';
}

function load(env: Record<string, string>) {
  try {
    const profile = loadClientConfigProfile({ overrideEnvVars: env });
    return { profile, options: toClientOptions(profile).connectionOptions };
  } catch (cause) {
    throw new ConnectionSettingsError(`Bad connection settings: ${whatIsWrong(cause)}`, { cause });
  }
}

/** A parser shows the place in the file on lines of its own. */
function whatIsWrong(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (path !== undefined) return `TEMPORAL_TLS_…_PATH or its profile names "${path}" (${code})`;
  return message.split('\n', 1)[0] ?? message;
}

/** With one of the two the SDK shows no certificate at all, without a word. */
function requireBoth({ clientCert, clientKey }: ClientConfigTLS = {}): void {
  if ((clientCert === undefined) === (clientKey === undefined)) return;
  const [there, missing] = clientCert === undefined ? ['KEY', 'CERT'] : ['CERT', 'KEY'];
  throw new ConnectionSettingsError(
    `TEMPORAL_TLS_CLIENT_${there}_PATH is set alone: set TEMPORAL_TLS_CLIENT_${missing}_PATH too`,
  );
}

type Tls = ClientConnectConfig['connectionOptions']['tls'];

function requireReadable(tls: Tls): void {
  if (typeof tls !== 'object' || tls === null) return;
  const { clientCertPair, serverRootCACertificate: ca } = tls;
  readable('TEMPORAL_TLS_SERVER_CA_CERT_PATH', () => ca && new X509Certificate(ca));
  readable('TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH', () => {
    if (clientCertPair === undefined) return;
    const { crt, key } = clientCertPair;
    createSecureContext({ cert: Buffer.from(crt), key: Buffer.from(key) });
  });
}

function readable(variables: string, read: () => unknown): void {
  try {
    read();
  } catch (cause) {
    const why = (cause as Error).message.replace(/^error:/, '');
    throw new ConnectionSettingsError(`${variables} cannot be used: ${why}`, { cause });
  }
}

function requireVerification(address: string, disabled: string | undefined): void {
  if ((disabled !== '1' && disabled !== 'true') || isLoopback(hostOf(address))) return;
  throw new ConnectionSettingsError(
    `TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is refused for ${address}, which is not this machine: unset it, and name the CA of that server in TEMPORAL_TLS_SERVER_CA_CERT_PATH`,
  );
}

/** `temporal.example:7233` -> `temporal.example`, `[::1]:7233` -> `::1`. */
export function hostOf(address: string): string {
  return new URL(`tcp://${address}`).hostname.replaceAll(/[[\]]/g, '');
}

function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === 'localhost' || host === '::1';
}

/** An empty header of TEMPORAL_GRPC_META_… is the way to take one away. */
function stringsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && (entry[1] !== '' || entry[0].startsWith('TEMPORAL_GRPC_META_')),
    ),
  );
}
