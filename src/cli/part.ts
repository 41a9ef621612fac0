import { once } from 'node:events';
import type { Config } from '#config';
import { progressOn } from '#report';
import {
  type FlowsPart,
  type InventoryPart,
  type OrdersPart,
  SEARCH_ATTRIBUTES,
  type SuperscriptPart,
} from '#server';
import { type AccountStore, type FeeProgress, randomDelay } from '#systems/fees';
import type { Instrumented } from '#telemetry';
import { requireSearchAttributes } from '#temporal';
import { type Connections, connect, namesServer } from '#temporal/connect';
import { startDevServer } from '#temporal/dev-server';
import { encryptingDataConverter, withDataConverter } from '#temporal/encryption';
import { openAccounts } from './accounts.ts';
import type { StoreName } from './flags.ts';
import { untilInterrupted } from './interrupt.ts';

export interface PartOptions {
  readonly config: Config;
  readonly store: StoreName;
  /** Accounts that are opened where they are not there yet. */
  readonly balancesCents: ReadonlyMap<string, number>;
  readonly delay: [number, number];
}

/** What every part of the house stands on. */
export interface Ground extends Instrumented<Pick<Connections, 'client' | 'nativeConnection'>> {
  readonly accounts: AccountStore;
  readonly onProgress: (event: FeeProgress) => void;
  readonly superscript: SuperscriptPart;
  /** Without a supplier; undefined where nothing keeps a stock. */
  readonly inventory: InventoryPart | undefined;
  /** Without the services that an order needs. */
  readonly orders: OrdersPart;
  /** Without a catalog, and without anybody to send webhooks to. */
  readonly flows: FlowsPart;
}

export interface StartedPart extends AsyncDisposable {
  readonly says: string;
  /** What it does without, a line each. */
  readonly lacks: readonly string[];
}

/**
 * Runs a part of the house, or all of it, until Ctrl-C: opens what it stands on, starts it, says that it
 * has started, and drains it.
 *
 * @param start with a line for stdout, and perhaps one for stderr
 */
export async function runPart(
  { config, store, balancesCents, delay }: PartOptions,
  start: (ground: Ground) => Promise<StartedPart>,
): Promise<void> {
  // A terminal's Ctrl-C reaches a dev server of our own too: what waits for it then waits in vain.
  let kill = () => {};
  await untilInterrupted(
    async (signal) => {
      // Loaded here, because the commands that need no log need not wait for it.
      const { startTelemetry } = await import('#telemetry');
      await using telemetry = await startTelemetry({ config, logTo: process.stderr });
      await using temporal = await temporalFor(config, signal);
      kill = temporal.kill;
      await using opened = await telling((onProgress) =>
        openAccounts({ store, config, balancesCents, onProgress }, signal),
      );
      const accounts = opened.create(randomDelay(...delay));
      await using part = await start({
        ...telemetry.around(temporal),
        accounts,
        onProgress: telemetry.of('fees'),
        superscript: { onProgress: telemetry.of('superscript') },
        inventory: opened.stock && {
          stock: opened.stock,
          onProgress: telemetry.of('inventory'),
        },
        orders: { store: opened.orders, onProgress: telemetry.of('orders') },
        flows: { outbox: opened.outbox, onProgress: telemetry.of('flows') },
      });
      await using _gauges = telemetry.watch('fees', accounts.keys);
      process.stdout.write(`${part.says}\n`);
      for (const lack of part.lacks) process.stderr.write(`${lack}\n`);
      if (!signal.aborted) await once(signal, 'abort');
      process.stderr.write('draining\n');
    },
    { graceMs: namesServer() ? 10_000 : 2_000, atLast: () => kill() },
  );
}

/** The server that the environment names, or a dev server of our own. */
async function temporalFor(config: Config, signal: AbortSignal) {
  const dataConverter = config.payloadKeys && encryptingDataConverter(config.payloadKeys);
  if (namesServer()) {
    const connections = await connect(process.env, { dataConverter });
    await requireSearchAttributes(connections.client, SEARCH_ATTRIBUTES);
    return { ...connections, kill: () => {} };
  }
  const server = await telling((onProgress) =>
    startDevServer({
      config,
      settings: 'default',
      searchAttributes: SEARCH_ATTRIBUTES,
      namespace: config.namespace,
      onProgress,
      signal,
    }),
  );
  return { ...server, client: withDataConverter(server.client, dataConverter) };
}

/** Runs a task that tells how far it has come. */
async function telling<T>(
  task: (onProgress: (event: { readonly text: string }) => void) => Promise<T>,
): Promise<T> {
  const progress = progressOn(process.stderr);
  return await task(({ text }) => progress.show(text)).finally(() => progress.end());
}
