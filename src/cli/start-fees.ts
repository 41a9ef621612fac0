import { Command } from 'commander';
import { type Config, loadConfig } from '#config';
import { type FeeDemo, readAccounts, readOrders, runFeeDemo } from '#demos';
import {
  type Paint,
  paintFor,
  progressOn,
  renderEvidence,
  renderPair,
  renderVerdict,
} from '#report';
import { openAccounts, schemaOfItsOwn } from './accounts.ts';
import {
  accountsFlag,
  delayFlag,
  fixture,
  portFlag,
  type StoreName,
  storeFlag,
  wholeNumber,
} from './flags.ts';
import type { Ends, ExitCode } from './index.ts';
import { withDevServer } from './with-server.ts';

interface StartFlags {
  readonly orders: string;
  readonly accounts: string;
  readonly store: StoreName;
  readonly clients: number;
  readonly port?: number;
  readonly delay: [number, number];
  readonly json?: true;
}

/** `press-twice start fees`: a batch of orders, at the naive and at the durable endpoint. */
export function startFeesCommand(ends: Ends): Command {
  return new Command('fees')
    .description('fees of a batch of orders, each asked for by several clients at once')
    .option('--orders <file>', 'CSV: order_id,account_id,amount', fixture('fees/orders.csv'))
    .addOption(accountsFlag())
    .addOption(storeFlag())
    .option('--clients <n>', 'clients that ask for each row at once', clients, 5)
    .addOption(portFlag())
    .addOption(delayFlag())
    .option('--json', 'print the evidence as one JSON document, and nothing else')
    .action(async (flags: StartFlags) => ends(await start(flags)));
}

async function start(flags: StartFlags): Promise<ExitCode> {
  const config: Config = { ...loadConfig(), port: flags.port ?? 0 };
  const orders = await readOrders(flags.orders);
  const balancesCents = await readAccounts(flags.accounts);
  if (!flags.json) await tellLostAnswer();

  const progress = progressOn(process.stderr);
  const onProgress = ({ text }: { readonly text: string }) => progress.show(text);
  const ofDurable = { store: flags.store, config, balancesCents, schema: schemaOfItsOwn() };
  const open = (signal: AbortSignal) => openAccounts({ ...ofDurable, onProgress }, signal);
  const demo = await withDevServer({ config, progress, open }, async (temporal, durable) =>
    runFeeDemo({
      config,
      temporal,
      orders,
      balancesCents,
      createDurableAccounts: durable.create,
      clients: flags.clients,
      delayMs: flags.delay,
      onFirstProof({ holds, says }) {
        progress.end();
        if (holds && !flags.json) process.stdout.write(`The first order: ${says}\n\n`);
      },
      onProgress: ({ side, done, of }) => progress.show(`${side} endpoint: ${done} of ${of} rows`),
    }),
  ).finally(() => progress.end());

  const text = flags.json ? JSON.stringify(demo) : renderDemo(demo, paintFor(process.stdout));
  process.stdout.write(`${text}\n`);
  return claimsHold(demo) ? 0 : 1;
}

function claimsHold({ durable, lostAcknowledgement: { withoutKey, withKey } }: FeeDemo): boolean {
  return [durable, withoutKey, withKey].every(({ verdict }) => verdict?.holds);
}

/** The whole project in three lines; the same file that `node exercises/aha.mjs` runs. */
async function tellLostAnswer(): Promise<void> {
  const { aha } = (await import(new URL('../../exercises/aha.mjs', import.meta.url).href)) as {
    aha(): Promise<readonly string[]>;
  };
  process.stdout.write(`${(await aha()).join('\n')}\n\n`);
}

/** Everything that `npm start` prints below the lost answer. */
function renderDemo(
  { naive, durable, lostAcknowledgement: { withoutKey, withKey } }: FeeDemo,
  paint: Paint,
): string {
  return [
    renderEvidence(naive, paint),
    renderEvidence(durable, paint),
    durable.verdict ? renderVerdict(durable.verdict, paint) : '',
    renderPair('AND WHEN THE ACKNOWLEDGEMENT IS LOST', [withoutKey, withKey], paint),
  ].join('\n\n');
}

function clients(text: string): number {
  return wholeNumber(text, 1, 500);
}
