import { Command } from 'commander';
import { type Config, loadConfig } from '#config';
import { readAccounts } from '#demos';
import { type OwnSupplier, openOwnSupplier, startHouse, startHttp } from '#server';
import {
  accountsFlag,
  delayFlag,
  portFlag,
  rateLimitFlag,
  type StoreName,
  storeFlag,
  tokensFlag,
} from './flags.ts';
import type { Ends, ExitCode } from './index.ts';
import { type Ground, runPart } from './part.ts';
import {
  identityOf,
  OF_SEVERAL,
  requireSameAccounts,
  requireShared,
  supplierOf,
} from './shared.ts';
import { balancesOfEach, readTokens, type Tokens } from './tokens.ts';

interface ServeFlags {
  readonly host?: string;
  readonly port?: number;
  readonly accounts: string;
  readonly store: StoreName;
  readonly worker: boolean;
  readonly delay: [number, number];
  readonly tokens?: string;
  readonly rateLimit?: number;
}

/** `press-twice serve`: the endpoints, and their worker unless told, until Ctrl-C. */
export function serveCommand(ends: Ends): Command {
  return new Command('serve')
    .option('--host <host>', 'interface to listen on (default: HOST, or 127.0.0.1)')
    .addOption(portFlag())
    .addOption(accountsFlag())
    .addOption(storeFlag())
    .addOption(delayFlag())
    .addOption(tokensFlag())
    .addOption(rateLimitFlag())
    .option('--no-worker', 'HTTP alone: `press-twice worker` does the work, in other processes')
    .addHelpText('after', OF_SEVERAL)
    .action(async (flags: ServeFlags) => ends(await serve(flags)));
}

async function serve(flags: ServeFlags): Promise<ExitCode> {
  const config = configOf(flags);
  const { store, delay, worker } = flags;
  if (!worker) requireShared('press-twice serve --no-worker', { store, config });
  const tokens = config.tokensFile === undefined ? undefined : await readTokens(config.tokensFile);
  const read = await readAccounts(flags.accounts);
  const balancesCents = tokens ? balancesOfEach(tokens.tenants, read) : read;

  await runPart({ config, store, balancesCents, delay }, async (ground) => {
    if (worker) await requireSameAccounts(ground.temporal.client, { store, config });
    const own = worker ? await ownSupplierFor(config, ground, tokens) : undefined;
    const options = { config, ...ground, ...clientsAndStock(config, ground, tokens, own) };
    const starting = worker
      ? startHouse({ ...options, identity: identityOf(store) })
      : startHttp(options);
    const part = await starting.catch(async (error: unknown) => {
      await own?.[Symbol.asyncDispose]();
      throw error;
    });
    own?.listensAt(part.url);
    return {
      says: `listening on ${part.url}`,
      lacks: ground.inventory ? undefined : LACKS,
      async [Symbol.asyncDispose]() {
        try {
          await part[Symbol.asyncDispose]();
        } finally {
          await own?.[Symbol.asyncDispose]();
        }
      },
    };
  });
  return 0;
}

const LACKS = 'No stock is kept here: inventory needs --store postgres';

/** A supplier of our own, where there is stock and SUPPLIER_URL names no other one. */
async function ownSupplierFor(
  { supplierUrl }: Config,
  { inventory }: Ground,
  tokens: Tokens | undefined,
): Promise<OwnSupplier | undefined> {
  if (inventory === undefined || supplierUrl !== undefined) return undefined;
  const onFault = (error: unknown) => inventory.onProgress?.({ event: 'broke', error });
  return await openOwnSupplier({ tenants: tokens?.tenants, onFault });
}

/** Who may come in, and whom the worker asks for more goods. */
function clientsAndStock(
  config: Config,
  { inventory }: Ground,
  tokens: Tokens | undefined,
  own: OwnSupplier | undefined,
) {
  const { authenticate } = tokens ?? {};
  return {
    authenticate: authenticate && own ? own.alsoKnows(authenticate) : authenticate,
    inventory: inventory && {
      ...inventory,
      supplier: own?.supplier ?? supplierOf(config),
      supplierRouter: own?.router,
    },
  };
}

function configOf(flags: ServeFlags): Config {
  const loaded = loadConfig();
  return {
    ...loaded,
    host: flags.host ?? loaded.host,
    port: flags.port ?? loaded.port,
    tokensFile: flags.tokens ?? loaded.tokensFile,
    newKeysPerMinute: flags.rateLimit ?? loaded.newKeysPerMinute,
  };
}
