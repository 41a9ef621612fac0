import { once } from 'node:events';
import { Command } from 'commander';
import { type Config, loadConfig } from '#config';
import { readAccounts } from '#demos';
import { progressOn } from '#report';
import { SEARCH_ATTRIBUTES, startHouse } from '#server';
import { randomDelay } from '#systems/fees';
import { requireSearchAttributes } from '#temporal';
import { connect } from '#temporal/connect';
import { startDevServer } from '#temporal/dev-server';
import { openAccounts } from './accounts.ts';
import { accountsFlag, delayFlag, portFlag, type StoreName, storeFlag } from './flags.ts';
import type { ExitCode } from './index.ts';
import { untilInterrupted } from './interrupt.ts';

interface ServeFlags {
  readonly host?: string;
  readonly port?: number;
  readonly accounts: string;
  readonly store: StoreName;
  readonly delay: [number, number];
}

/** `press-twice serve`: the endpoints and their workers, until Ctrl-C. */
export function serveCommand(ends: (code: ExitCode) => void): Command {
  return new Command('serve')
    .description('serve the naive and the durable endpoints, with their worker, until Ctrl-C')
    .option('--host <host>', 'interface to listen on (default: HOST, or 127.0.0.1)')
    .addOption(portFlag())
    .addOption(accountsFlag())
    .addOption(storeFlag())
    .addOption(delayFlag())
    .action(async (flags: ServeFlags) => ends(await serve(flags)));
}

async function serve(flags: ServeFlags): Promise<ExitCode> {
  const loaded = loadConfig();
  const config: Config = {
    ...loaded,
    host: flags.host ?? loaded.host,
    port: flags.port ?? loaded.port,
  };
  const balancesCents = await readAccounts(flags.accounts);

  // A terminal's Ctrl-C reaches a dev server of our own too: what waits for it then waits in vain.
  let kill = () => {};
  await untilInterrupted(
    async (signal) => {
      await using temporal = await temporalFor(config, signal);
      kill = temporal.kill;
      await using opened = await telling((onProgress) =>
        openAccounts({ store: flags.store, config, balancesCents, onProgress }, signal),
      );
      const accounts = opened.create(randomDelay(...flags.delay));
      await using house = await startHouse({ config, temporal, accounts, onProgress: tellFaults });
      process.stdout.write(`listening on ${house.url}\n`);
      if (!signal.aborted) await once(signal, 'abort');
      process.stderr.write('draining\n');
    },
    { graceMs: config.serverAddress === undefined ? 2_000 : 10_000, atLast: () => kill() },
  );
  return 0;
}

/** The server that the environment names, or a dev server of our own. */
async function temporalFor(config: Config, signal: AbortSignal) {
  if (config.serverAddress !== undefined) {
    const connections = await connect();
    await requireSearchAttributes(connections.client, SEARCH_ATTRIBUTES);
    return { ...connections, kill: () => {} };
  }
  return await telling((onProgress) =>
    startDevServer({
      config,
      settings: 'default',
      searchAttributes: SEARCH_ATTRIBUTES,
      onProgress,
      signal,
    }),
  );
}

/** Runs a task that tells how far it has come. */
async function telling<T>(
  task: (onProgress: (event: { readonly text: string }) => void) => Promise<T>,
): Promise<T> {
  const progress = progressOn(process.stderr);
  return await task(({ text }) => progress.show(text)).finally(() => progress.end());
}

function tellFaults(progress: { readonly event: string; readonly error?: unknown }): void {
  if (progress.event !== 'broke') return;
  const { error } = progress;
  process.stderr.write(`fault: ${error instanceof Error ? error.message : String(error)}\n`);
}
