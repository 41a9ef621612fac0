import { Command, Option } from 'commander';
import { type Config, loadConfig } from '#config';
import {
  ORDER_ACTS,
  type OrderActName,
  type OrderDemo,
  type OrderDemoOptions,
  orderActFile,
  readOrderAct,
  runOrderDemo,
} from '#demos';
import { type Paint, paintFor, progressOn, renderTable, renderVerdict } from '#report';
import { listActs, renderAct, requireTerminal } from './acts.ts';
import { fixture, type StoreName } from './flags.ts';
import type { Ends, ExitCode } from './index.ts';
import { openOrderPlace } from './order-place.ts';
import { untilEnter } from './pause.ts';
import { withDevServer } from './with-server.ts';

interface OrdersFlags {
  readonly act?: OrderActName;
  readonly list?: true;
  readonly pause?: true;
  readonly order?: string;
  readonly store: StoreName;
  readonly json?: true;
}

/** `press-twice start orders`: a saga whose every step may run twice, in acts. */
export function startOrdersCommand(ends: Ends): Command {
  const command = new Command('orders')
    .description('an order through payment, fulfilment and mail, and back, while answers are lost')
    .addOption(new Option('--act <name>', 'one act alone').choices(ORDER_ACTS))
    .option('--list', 'name the acts, and run nothing')
    .option('--pause', 'wait for Enter between the acts')
    .addOption(
      new Option(
        '--order <file>',
        'an act of your own, as JSON; fixtures/orders has examples',
      ).conflicts('act'),
    )
    .addOption(
      new Option('--store <where>', "where this house's own orders are")
        .choices(['memory', 'postgres'] satisfies StoreName[])
        .default('memory' satisfies StoreName),
    )
    .option('--json', 'print what was found as one JSON document, and nothing else');
  return command.action(async (flags: OrdersFlags) => {
    requireTerminal(command, flags);
    ends(flags.list ? await list() : await start(flags));
  });
}

async function list(): Promise<ExitCode> {
  const acts = await readActs({});
  return listActs(acts.map(({ name, act }) => ({ name, says: act.title })));
}

async function readActs({ act, order }: Pick<OrdersFlags, 'act' | 'order'>) {
  const own = order === undefined ? [] : [{ name: 'your own', path: order }];
  const ours = (act ? [act] : ORDER_ACTS).map((name) => ({
    name,
    path: fixture(`orders/${orderActFile(name)}`),
  }));
  const files = own.length > 0 ? own : ours;
  return await Promise.all(
    files.map(async ({ name, path }) => ({ name, act: await readOrderAct(path) })),
  );
}

async function start(flags: OrdersFlags): Promise<ExitCode> {
  const config = loadConfig();
  const acts = await readActs(flags);
  const demo = await play(flags, config, acts);
  const paint = paintFor(process.stdout);
  process.stdout.write(`${flags.json ? JSON.stringify(demo) : renderDemo(demo, paint)}\n`);
  return demo.verdict.holds ? 0 : 1;
}

type Acts = Awaited<ReturnType<typeof readActs>>;

async function play(flags: OrdersFlags, config: Config, acts: Acts): Promise<OrderDemo> {
  const progress = progressOn(process.stderr);
  const open = async (signal: AbortSignal) => {
    const show = (text: string) => progress.show(text);
    const place = await openOrderPlace({ config, where: flags.store, show }, signal);
    return { ...place, signal };
  };
  return await withDevServer({ config, progress, open }, (temporal, { signal, stage, store }) => {
    progress.show('Bundling the workflows');
    const telling = tellingOf(flags, acts, signal, () => progress.end());
    const played = acts.map(({ act }) => act);
    return runOrderDemo({ stage, store, temporal, signal, acts: played, ...telling });
  }).finally(() => progress.end());
}

/** Each act as it ends: who waits for the whole has nothing to read. */
function tellingOf(
  { json, pause }: OrdersFlags,
  acts: Acts,
  signal: AbortSignal,
  ready: () => void,
): Pick<OrderDemoOptions, 'onAct' | 'onActEnd'> {
  const paint = paintFor(process.stdout);
  return {
    async onAct(_act, number) {
      if (number === 1) ready();
      if (pause && number > 1) await untilEnter(signal);
      const { name } = acts[number - 1] ?? {};
      if (!json) {
        process.stdout.write(`${paint.faint(`ACT ${number} of ${acts.length}, ${name}`)}\n`);
      }
    },
    onActEnd(found) {
      if (!json) process.stdout.write(`${renderAct(found, paint)}\n\n`);
    },
  };
}

function renderDemo({ ledgers, verdict }: OrderDemo, paint: Paint): string {
  const tables = ledgers.map((table) => renderTable(table, paint));
  return [...tables, renderVerdict(verdict, paint)].join('\n\n');
}
