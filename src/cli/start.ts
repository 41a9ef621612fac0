import { Argument, Command } from 'commander';
import { type Config, loadConfig } from '#config';
import { type FeeDemo, readAccounts, readOrders, runFeeDemo } from '#demos';
import {
  type Paint,
  paintFor,
  progressOn,
  renderEvidence,
  renderLimit,
  renderVerdict,
} from '#report';
import { accountsFlag, delayFlag, fixture, portFlag, wholeNumber } from './flags.ts';
import type { ExitCode } from './index.ts';
import { withDevServer } from './with-server.ts';

interface StartFlags {
  readonly orders: string;
  readonly accounts: string;
  readonly clients: number;
  readonly port?: number;
  readonly delay: [number, number];
  readonly json?: true;
}

/** `press-twice start [system]`: the experiment, on real input, with its proof. */
export function startCommand(ends: (code: ExitCode) => void): Command {
  return new Command('start')
    .description('run the experiment on a batch of orders, and prove what it shows')
    .addArgument(new Argument('[system]', 'which system').choices(['fees']).default('fees'))
    .option('--orders <file>', 'CSV: order_id,account_id,amount', fixture('fees/orders.csv'))
    .addOption(accountsFlag())
    .option('--clients <n>', 'clients that ask for each row at once', clients, 5)
    .addOption(portFlag())
    .addOption(delayFlag())
    .option('--json', 'print the evidence as one JSON document, and nothing else')
    .action(async (_system: string, flags: StartFlags) => ends(await start(flags)));
}

async function start(flags: StartFlags): Promise<ExitCode> {
  const config: Config = { ...loadConfig(), port: flags.port ?? 0 };
  const orders = await readOrders(flags.orders);
  const balancesCents = await readAccounts(flags.accounts);
  if (!flags.json) await tellLostAnswer();

  const progress = progressOn(process.stderr);
  const demo = await withDevServer({ config, progress }, async (temporal) =>
    runFeeDemo({
      config,
      temporal,
      orders,
      balancesCents,
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
  return demo.durable.verdict?.holds && demo.limit.verdict?.holds ? 0 : 1;
}

/** The whole project in three lines; the same file that `node exercises/aha.mjs` runs. */
async function tellLostAnswer(): Promise<void> {
  const { aha } = (await import(new URL('../../exercises/aha.mjs', import.meta.url).href)) as {
    aha(): Promise<readonly string[]>;
  };
  process.stdout.write(`${(await aha()).join('\n')}\n\n`);
}

/** Everything that `npm start` prints below the lost answer. */
function renderDemo({ naive, durable, limit }: FeeDemo, paint: Paint): string {
  return [
    renderEvidence(naive, paint),
    renderEvidence(durable, paint),
    durable.verdict ? renderVerdict(durable.verdict, paint) : '',
    renderLimit(limit, paint),
  ].join('\n\n');
}

function clients(text: string): number {
  return wholeNumber(text, 1, 500);
}
