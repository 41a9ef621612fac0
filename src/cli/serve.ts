import { Command } from 'commander';
import { type Config, loadConfig } from '#config';
import { readAccounts } from '#demos';
import { readFlowCatalog, startHouse, startHttp } from '#server';
import { openCompanies } from './companies.ts';
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
import { runPart } from './part.ts';
import {
  identityOf,
  OF_SEVERAL,
  requireSameAccounts,
  requireShared,
  servicesOf,
} from './shared.ts';
import { balancesOfEach, readTokens } from './tokens.ts';

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
  // What is wrong with them is told before anything is started.
  servicesOf(config);
  if (!worker) requireShared('press-twice serve --no-worker', { store, config });
  const tokens = config.tokensFile === undefined ? undefined : await readTokens(config.tokensFile);
  const catalog = await readFlowCatalog(config.flowsDir);
  const read = await readAccounts(flags.accounts);
  const balancesCents = tokens ? balancesOfEach(tokens.tenants, read) : read;

  await runPart({ config, store, balancesCents, delay }, async (ground) => {
    if (worker) await requireSameAccounts(ground.temporal.client, { store, config });
    const companies = await openCompanies(config, ground, { tokens, worker });
    const { authenticate, inventory, orders } = companies;
    const flows = companies.flows && { ...companies.flows, catalog };
    const options = { config, ...ground, authenticate, inventory, orders, flows };
    const starting = worker
      ? startHouse({ ...options, identity: identityOf(store) })
      : startHttp(options);
    const part = await starting.catch(async (error: unknown) => {
      await companies[Symbol.asyncDispose]();
      throw error;
    });
    companies.listensAt(part.url);
    return {
      says: `listening on ${part.url}`,
      lacks: ground.inventory ? [] : [NO_STOCK],
      async [Symbol.asyncDispose]() {
        try {
          await part[Symbol.asyncDispose]();
        } finally {
          await companies[Symbol.asyncDispose]();
        }
      },
    };
  });
  return 0;
}

const NO_STOCK = 'No stock is kept here: inventory needs --store postgres';

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
