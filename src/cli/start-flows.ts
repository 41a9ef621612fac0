import { Command, Option } from 'commander';
import { loadConfig } from '#config';
import {
  bundleFlows,
  FLOW_ACTS,
  type FlowActName,
  type FlowDemo,
  type FlowDemoOptions,
  LONGEST_WAITS,
  openFlowStage,
  runFlowDemo,
} from '#demos';
import { count, type Paint, paintFor, progressOn, renderTable, renderVerdict } from '#report';
import { type FlowDefinition, readFlowFile } from '#systems/flows';
import { listActs, renderAct, requireTerminal } from './acts.ts';
import { fixture } from './flags.ts';
import type { Ends, ExitCode } from './index.ts';
import { untilEnter } from './pause.ts';
import { withDevServer } from './with-server.ts';

interface FlowsFlags {
  readonly act?: FlowActName;
  readonly list?: true;
  readonly pause?: true;
  readonly flow: string;
  readonly json?: true;
}

/** `press-twice start flows`: a flow as data, whose steps are walked through once, in acts. */
export function startFlowsCommand(ends: Ends): Command {
  const names = FLOW_ACTS.map(({ name }) => name);
  const command = new Command('flows')
    .description('one flow with and without an answer, killed, answered twice, started five times')
    .addOption(new Option('--act <name>', 'one act alone').choices(names))
    .option('--list', 'name the acts, and run nothing')
    .option('--pause', 'wait for Enter between the acts')
    .addOption(
      new Option('--flow <file>', 'a definition of your own, as JSON or YAML').default(
        fixture('flows/abandoned_cart.json'),
        'fixtures/flows/abandoned_cart.json',
      ),
    )
    .option('--json', 'print what was found as one JSON document, and nothing else');
  return command.action(async (flags: FlowsFlags) => {
    requireTerminal(command, flags);
    ends(flags.list ? listActs(FLOW_ACTS) : await start(flags));
  });
}

async function start(flags: FlowsFlags): Promise<ExitCode> {
  const config = loadConfig();
  const definition = await readFlowFile(flags.flow);
  const acts = flags.act ? [flags.act] : FLOW_ACTS.map(({ name }) => name);
  const paint = paintFor(process.stdout);
  const progress = progressOn(process.stderr);
  // While the server starts; what goes wrong is told where the bundle is needed.
  bundleFlows().catch(() => {});
  const open = async (signal: AbortSignal) => {
    progress.show('Bundling the workflows');
    const stage = await openFlowStage({ definition, killing: acts.includes('killed') });
    return { signal, stage, [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose]() };
  };
  const demo = await withDevServer({ config, progress, open }, (temporal, { signal, stage }) => {
    progress.end();
    if (!flags.json) process.stdout.write(`${introduction(definition)}\n\n`);
    return runFlowDemo({ stage, temporal, acts, signal, ...telling(flags, paint, signal) });
  }).finally(() => progress.end());

  process.stdout.write(`${flags.json ? JSON.stringify(demo) : renderDemo(demo, paint)}\n`);
  return demo.verdict.holds ? 0 : 1;
}

function introduction({ name, version, steps }: FlowDefinition): string {
  const { wait_answer, explicit_wait } = LONGEST_WAITS;
  return [
    `${name.slice(0, 40)}, version ${version.slice(0, 20)}, ${count(Object.keys(steps).length, 'step')}`,
    `It waits here for ${wait_answer} s at the most where it wants an answer, else for ${explicit_wait} s.`,
  ].join('\n');
}

/** Each act as it ends: who waits for the whole has nothing to read. */
function telling(
  { json, pause }: FlowsFlags,
  paint: Paint,
  signal: AbortSignal,
): Pick<FlowDemoOptions, 'onAct' | 'onActEnd'> {
  return {
    async onAct({ name, says, number, of }) {
      if (pause && number > 1) await untilEnter(signal);
      if (!json)
        process.stdout.write(`${paint.title(`ACT ${number} of ${of}, ${name}`)}: ${says}\n`);
    },
    onActEnd(found) {
      if (!json) process.stdout.write(`${renderAct(found, paint)}\n\n`);
    },
  };
}

function renderDemo({ sums, verdict }: FlowDemo, paint: Paint): string {
  return `${renderTable(sums, paint)}\n\n${renderVerdict(verdict, paint)}`;
}
