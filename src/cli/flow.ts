import { Command } from 'commander';
import { drawFlowFile } from './flow-draw.ts';
import { printFlowSchema } from './flow-schema.ts';
import { flowStateOf } from './flow-server.ts';
import { flowSignalCommand } from './flow-signal.ts';
import { flowStartCommand } from './flow-start.ts';
import { flowStatusCommand } from './flow-status.ts';
import { validateFlow } from './flow-validate.ts';
import type { Ends } from './index.ts';

/** `press-twice flow …`: flows from a terminal. The first three look at files alone, the others ask a server. */
export function flowCommand(ends: Ends): Command {
  const flow = new Command('flow').helpCommand(false).showSuggestionAfterError(false);
  const validate = new Command('validate')
    .description('say of a definition what is wrong with it, and where')
    .argument('<file>', FILE)
    .action(async (file: string) => ends(await validateFlow(file)));
  const schema = new Command('schema')
    .description('print the JSON Schema of a definition, for an editor')
    .action(async () => ends(await printFlowSchema()));
  const draw = new Command('draw')
    .description('print a definition as a Mermaid flowchart')
    .argument('<file>', FILE)
    .option('--run <id>', 'mark the path that the flow with this workflow ID has taken')
    .action(async (file: string, { run }: { readonly run?: string }) => {
      ends(await drawFlowFile(file, run === undefined ? undefined : await flowStateOf(run)));
    });
  const start = flowStartCommand(ends);
  for (const one of [
    validate,
    schema,
    draw,
    start,
    flowSignalCommand(ends),
    flowStatusCommand(ends),
  ]) {
    flow.addCommand(one.exitOverride().showSuggestionAfterError(false));
  }
  return flow.addHelpText('after', HELP);
}

const FILE = 'definition of a flow: JSON where its name ends in .json, else YAML';

const HELP = `
start, signal, status and draw --run ask the server of the standard environment configuration (TEMPORAL_ADDRESS,
TEMPORAL_NAMESPACE, TEMPORAL_PROFILE, …), with the FLOW_TASK_QUEUE, FINGERPRINT_KEY and PAYLOAD_KEYS of its workers.`;
