import { z } from 'zod';
import { OF_FLOWS } from './config/flows.ts';
import { OF_INVENTORY } from './config/inventory.ts';
import { OF_ORDERS } from './config/orders.ts';
import { payloadKeys } from './config/payload-keys.ts';
import { OF_SUPERSCRIPT } from './config/superscript.ts';
import { OF_TELEMETRY } from './config/telemetry.ts';
import { type Variable, variable } from './config/variable.ts';

/**
 * Every environment variable that this project reads: its type, its default, its meaning.
 *
 * `.env.example` and the table in the README are generated from here. The variables of the Temporal
 * client itself (`TEMPORAL_ADDRESS` and its relatives) are read by `@temporalio/envconfig`; they are listed
 * because a reader looks for them here.
 */
export const ENVIRONMENT = {
  TEMPORAL_ADDRESS: variable(
    'serverAddress',
    z.string().min(1).optional(),
    'Address of an existing Temporal server. Without it, and without a profile that has one, a dev server is started.',
    'localhost:7233',
  ),
  TEMPORAL_NAMESPACE: variable(
    'namespace',
    z.string().min(1).default('default'),
    'Namespace on that server. The other variables of the Temporal client configuration hold too (`TEMPORAL_PROFILE`, `TEMPORAL_CONFIG_FILE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS…`).',
  ),
  TEMPORAL_CLI_PATH: variable(
    'cliPath',
    z.string().min(1).optional(),
    'The `temporal` binary that starts the dev server. Without it: PATH, the cache, a download, a build.',
    '/usr/local/bin/temporal',
  ),
  TEMPORAL_CLI_DOWNLOAD_TIMEOUT_MS: variable(
    'cliDownloadTimeoutMs',
    z.coerce.number().int().min(1).default(120_000),
    'How long the download of the CLI may take before it is built from source instead.',
  ),
  PRESS_TWICE_CACHE_DIR: variable(
    'cacheDir',
    z.string().min(1).optional(),
    "Folder for the downloaded or built CLI, and for bundles of workflows. Without it: the platform's cache folder.",
    '/var/cache/press-twice',
  ),
  DATABASE_URL: variable(
    'databaseUrl',
    z.url({ protocol: /^postgres(ql)?$/, error: 'It has to be a postgres:// URL' }).optional(),
    'An existing PostgreSQL, for `--store postgres`. Without it one is started, and deleted at the end.',
    'postgres://user:password@localhost:5432/press_twice',
  ),
  HOST: variable(
    'host',
    z.string().min(1).default('127.0.0.1'),
    'Interface that the HTTP server listens on.',
  ),
  PORT: variable(
    'port',
    z.coerce.number().int().min(0).max(65_535).default(8081),
    'Port of the HTTP server; 0 for any free one.',
  ),
  FEE_TASK_QUEUE: variable(
    'feeTaskQueue',
    z.string().min(1).default('fee-task-queue'),
    'Task queue of the fee workflow and its worker.',
  ),
  ...OF_SUPERSCRIPT,
  ...OF_INVENTORY,
  ...OF_ORDERS,
  ...OF_FLOWS,
  FINGERPRINT_KEY: variable(
    'fingerprintKey',
    z.string().min(32).optional(),
    'Secret of the HMAC that compares inputs, 32 characters or more. Without it: a plain SHA-256. Every process needs the same one.',
    'a-secret-of-32-characters-or-more',
  ),
  PAYLOAD_KEYS: variable(
    'payloadKeys',
    payloadKeys.optional(),
    'Keys that encrypt what Temporal stores of an order (AES-256-GCM): `name:key`, 32 bytes in base64, and older ones after commas. The first one encrypts, all of them decrypt. Without it nothing is encrypted. Every process needs the same ones.',
    '2026:bm90LWEtc2VjcmV0LW5vdC1hLXNlY3JldC1ub3QtYS0=',
  ),
  TOKENS_FILE: variable(
    'tokensFile',
    z.string().min(1).optional(),
    'CSV of bearer tokens: `tenant,token,rights` (`read` or `read-write`). Without it nobody is asked who they are, and all clients are one tenant.',
    '/etc/press-twice/tokens.csv',
  ),
  NEW_KEYS_PER_MINUTE: variable(
    'newKeysPerMinute',
    z.coerce.number().int().min(1).max(1_000_000).optional(),
    'How many new keys and orders a tenant (without tokens: an IP address) may send in a minute; more are answered with 429. Each process counts for itself. Without it: any number.',
    '600',
  ),
  ANSWER_WITHIN_MS: variable(
    'answerWithinMs',
    z.coerce.number().int().min(1).default(30_000),
    'How long an HTTP request waits for its workflow before it is answered with 202 and a Location.',
  ),
  ...OF_TELEMETRY,
} as const satisfies Record<string, Variable>;

/** What the environment says, in the names and the types that the code uses. */
export type Config = {
  readonly [Name in keyof typeof ENVIRONMENT as (typeof ENVIRONMENT)[Name]['field']]: z.infer<
    (typeof ENVIRONMENT)[Name]['schema']
  >;
};

/**
 * Reads the environment once. An empty variable counts as absent.
 *
 * @throws {ConfigError} naming every variable that is wrong, in one line
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const problems: string[] = [];
  const entries = Object.entries(ENVIRONMENT).map(([name, { field, schema }]) => {
    const parsed = schema.safeParse(env[name] === '' ? undefined : env[name]);
    if (!parsed.success) problems.push(`${name}: ${parsed.error.issues[0]?.message}`);
    return [field, parsed.data];
  });

  if (problems.length > 0) throw new ConfigError(problems);
  return Object.fromEntries(entries) as Config;
}

/** The environment has a value that cannot be used. The terminal prints one line and exits with 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Bad environment: ${problems.join('; ')}`);
    this.problems = problems;
  }
}
