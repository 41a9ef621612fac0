import { Command, Option } from 'commander';
import { loadConfig } from '#config';
import {
  openSuperscriptStage,
  readOrderIds,
  runSuperscriptDemo,
  SUPERSCRIPT_ACTS,
  type SuperscriptActName,
  type SuperscriptActStart,
  type SuperscriptDemo,
  type SuperscriptDemoOptions,
} from '#demos';
import {
  type Paint,
  paintFor,
  progressOn,
  renderEvidence,
  renderTable,
  renderVerdict,
} from '#report';
import { DEMO_ORDER_IDS } from '#systems/superscript';
import { findOnPath } from '#temporal/cli/path';
import { listActs, requireTerminal } from './acts.ts';
import { fixture } from './flags.ts';
import type { Ends, ExitCode } from './index.ts';
import { untilInterrupted } from './interrupt.ts';
import { untilEnter } from './pause.ts';
import { rejection, withDevServer } from './with-server.ts';

interface SuperscriptFlags {
  readonly act?: SuperscriptActName;
  readonly list?: true;
  readonly pause?: true;
  readonly orders?: string;
  readonly json?: true;
}

/** `press-twice start superscript`: bash scripts that may run twice, in acts. */
export function startSuperscriptCommand(ends: Ends): Command {
  const names = SUPERSCRIPT_ACTS.map(({ name }) => name);
  const command = new Command('superscript')
    .description('payments by bash scripts: alone, through a workflow, and as a batch')
    .addOption(new Option('--act <name>', 'one act alone').choices(names))
    .option('--list', 'name the acts, and run nothing')
    .option('--pause', 'wait for Enter between the acts')
    .option('--orders <file>', 'an order ID a line (default: ten orders)')
    .option('--json', 'print what was found as one JSON document, and nothing else');
  return command.action(async (flags: SuperscriptFlags) => {
    requireTerminal(command, flags);
    ends(flags.list ? listActs(SUPERSCRIPT_ACTS) : await start(flags));
  });
}

async function start(flags: SuperscriptFlags): Promise<ExitCode> {
  const config = loadConfig();
  const orderIds = flags.orders === undefined ? DEMO_ORDER_IDS : await readOrderIds(flags.orders);
  await requireBash();
  const acts = flags.act ? [flags.act] : SUPERSCRIPT_ACTS.map(({ name }) => name);
  const paint = paintFor(process.stdout);
  const play = (signal: AbortSignal, of: Pick<SuperscriptDemoOptions, 'stage' | 'temporal'>) =>
    runSuperscriptDemo({ ...of, acts, orderIds, signal, ...telling(flags, paint, signal) });

  const progress = progressOn(process.stderr);
  const open = async (signal: AbortSignal) => {
    const stage = await openSuperscriptStage(fixture('scripts'));
    return { signal, stage, [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose]() };
  };
  const demo = acts.some((act) => act !== 'traditional')
    ? await withDevServer({ config, progress, open }, (temporal, { signal, stage }) => {
        progress.end();
        return play(signal, { stage, temporal });
      })
    : await withoutServer(open, ({ signal, stage }) => play(signal, { stage }));

  process.stdout.write(`${flags.json ? JSON.stringify(demo) : renderDemo(demo, paint)}\n`);
  return demo.verdict.holds ? 0 : 1;
}

/** The script alone needs none. */
async function withoutServer<T, Opened extends AsyncDisposable>(
  open: (signal: AbortSignal) => Promise<Opened>,
  task: (opened: Opened) => Promise<T>,
): Promise<T> {
  return await untilInterrupted(
    async (signal) => {
      await using opened = await open(signal);
      return await Promise.race([task(opened), rejection(signal)]);
    },
    { graceMs: 3_000, atLast: () => {} },
  );
}

/** What is said while the demo runs: the acts on stdout, each order on stderr. */
function telling(
  { json, pause }: SuperscriptFlags,
  paint: Paint,
  signal: AbortSignal,
): Pick<SuperscriptDemoOptions, 'onAct' | 'onActEnd' | 'onProgress'> {
  return {
    async onAct({ name, says, number, of }: SuperscriptActStart) {
      if (pause && number > 1) await untilEnter(signal);
      if (!json)
        process.stdout.write(`${paint.title(`ACT ${number} of ${of}, ${name}`)}: ${says}\n`);
    },
    onActEnd(evidence) {
      if (json) return;
      const verdict = evidence.verdict ? `\n${renderVerdict(evidence.verdict, paint)}` : '';
      process.stdout.write(`${renderEvidence(evidence, paint)}${verdict}\n\n`);
    },
    onProgress({ act, round, orderId, how, done, of }) {
      process.stderr.write(`${act}, ${round}: ${orderId} ${how}, ${done} of ${of}\n`);
    },
  };
}

function renderDemo({ ledgers, verdict }: SuperscriptDemo, paint: Paint): string {
  return `${renderTable(ledgers, paint)}\n\n${renderVerdict(verdict, paint)}`;
}

async function requireBash(): Promise<void> {
  if ((await findOnPath('bash', process.env)) === undefined) throw new BashMissingError();
}

/** Nothing was started. */
class BashMissingError extends Error {
  override readonly name = 'BashMissingError';

  constructor() {
    super(
      'There is no bash on PATH, and the payments are bash scripts: install bash, or add its folder to PATH',
    );
  }
}
