import { randomUUID } from 'node:crypto';
import { Command, Option } from 'commander';
import { SIGNAL_NAMES } from '#systems/flows';
import { idOption, jsonOption, withFlows } from './flow-server.ts';
import type { Ends, ExitCode } from './index.ts';

interface SignalFlags {
  readonly signalId?: string;
  readonly payload?: unknown;
}

/** `press-twice flow signal ID`: an answer for a flow that is open. */
export function flowSignalCommand(ends: Ends): Command {
  return new Command('signal')
    .description(`send ${SIGNAL_NAMES[0]} to a flow`)
    .argument('<id>', 'its workflow ID', idOption('Workflow ID'))
    .addOption(
      new Option(
        '--signal-id <id>',
        'name of the signal: sent again, it changes nothing',
      ).argParser(idOption('Signal ID')),
    )
    .addOption(
      new Option('--payload <json>', 'what the client has answered: JSON, or @FILE').argParser(
        jsonOption,
      ),
    )
    .action(async (id: string, flags: SignalFlags) => ends(await send(id, flags)));
}

async function send(id: string, { signalId, payload }: SignalFlags): Promise<ExitCode> {
  const signal_id = signalId ?? randomUUID();
  const input = { signal_id, ...(payload !== undefined && { payload }) };
  await withFlows((flows) => flows.signal(id, SIGNAL_NAMES[0], input));
  process.stdout.write(`sent ${SIGNAL_NAMES[0]} ${signal_id} to ${id}\n`);
  if (signalId === undefined) process.stderr.write(`${NAMELESS}\n`);
  return 0;
}

const NAMELESS = 'Nothing names this signal: sent again, it is another one. Give it a --signal-id';
