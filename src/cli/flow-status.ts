import { Command } from 'commander';
import type { FlowView } from '#systems/flows';
import { idOption, viewOf, withFlows } from './flow-server.ts';
import type { Ends, ExitCode } from './index.ts';

/** `press-twice flow status ID`: how far a flow is. */
export function flowStatusCommand(ends: Ends): Command {
  return new Command('status')
    .description('tell how far a flow is')
    .argument('<id>', 'its workflow ID', idOption('Workflow ID'))
    .option('--json', 'all that is known, as one JSON document')
    .action(async (id: string, flags: { readonly json?: true }) => ends(await show(id, flags)));
}

async function show(id: string, { json }: { readonly json?: true }): Promise<ExitCode> {
  const view = await withFlows((flows) => viewOf(flows, id));
  const { error, ...known } = view;
  const document = {
    ...known,
    ...(error && { error: { type: error.type, detail: error.message } }),
  };
  const text = json ? JSON.stringify(document, null, 2) : linesOf(id, view).join('\n');
  process.stdout.write(`${text}\n`);
  return 0;
}

function linesOf(id: string, { status, runId, flow, error }: FlowView): readonly string[] {
  const visited = flow?.visited.map(({ step, visit, event_type }) => {
    const event = event_type.replace('condition_', '');
    return `visited ${step}${visit > 1 ? ` (${visit})` : ''}: ${event}`;
  });
  return [
    `${status} ${id}, run ${runId}`,
    ...(visited ?? ['how far it is, no worker tells']),
    ...(status === 'running' && flow?.current ? [currentLine(flow.current, flow.waiting)] : []),
    ...(error ? [`${error.type}: ${error.message}`] : []),
  ];
}

function currentLine(
  step: string,
  waiting: { readonly for: string; readonly deadline: string } | null,
): string {
  if (waiting === null) return `at ${step}`;
  return `at ${step}: waits for ${waiting.for} until ${waiting.deadline}`;
}
