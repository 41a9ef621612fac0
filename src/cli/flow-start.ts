import { randomUUID } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { parseId } from '#http';
import { BUSINESS_KEYS, RESERVED_NAMES } from '#server';
import { flowWorkflowId, readFlowFile } from '#systems/flows';
import { idOption, jsonOption, withFlows } from './flow-server.ts';
import type { Ends, ExitCode } from './index.ts';

interface StartFlags {
  readonly id?: string;
  readonly input: Input;
}

type Input = Readonly<Record<string, unknown>>;

/** `press-twice flow start FILE`: started, joined or replayed, whoever pressed before. */
export function flowStartCommand(ends: Ends): Command {
  return new Command('start')
    .description('start a flow, or join the one that has its name')
    .argument('<file>', 'definition of the flow')
    .addOption(
      new Option(
        '--id <id>',
        "workflow ID (default: the flow's name and what it is about, such as the cart_id of its input)",
      ).argParser(idOption('Workflow ID')),
    )
    .addOption(
      new Option('--input <json>', 'what the flow is about: a JSON object, or @FILE')
        .argParser(inputOption)
        .default({}, 'nothing'),
    )
    .action(async (file: string, flags: StartFlags) => ends(await start(file, flags)));
}

async function start(file: string, { id, input }: StartFlags): Promise<ExitCode> {
  const definition = await readFlowFile(file);
  const member = BUSINESS_KEYS.get(definition.name) ?? 'cart_id';
  // One that is null or a number is refused: who sends it means to have named the flow.
  const fact = Object.hasOwn(input, member) ? parseId(member, input[member]) : undefined;
  const name = id ?? parseId('Workflow ID', flowWorkflowId(definition.name, fact ?? randomUUID()));
  const of = RESERVED_NAMES.find((prefix) => name.startsWith(prefix));
  if (of !== undefined) throw new ReservedNameError(name, of);
  const { outcome, runId } = await withFlows((flows) => flows.start({ definition, input, name }));
  process.stdout.write(`${outcome} ${name}, run ${runId}\n`);
  if (id === undefined && fact === undefined) process.stderr.write(`${NAMELESS}\n`);
  return 0;
}

/** A flow that has the name of an order that nobody has placed would keep it from being placed, for ever. */
class ReservedNameError extends Error {
  override readonly name = 'ReservedNameError';

  constructor(name: string, prefix: string) {
    super(
      `"${name}" is not for flows: "${prefix}" begins the workflow IDs of another system. Give it another --id`,
    );
  }
}

const NAMELESS = 'Nothing names this flow: pressed again, it is started again. Give it an --id';

function inputOption(text: string): Input {
  const input = jsonOption(text);
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Input;
  throw new InvalidArgumentError('It has to be a JSON object.');
}
