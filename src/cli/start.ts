import { Command } from 'commander';
import type { Ends } from './index.ts';
import { startFeesCommand } from './start-fees.ts';
import { startFlowsCommand } from './start-flows.ts';
import { startInventoryCommand } from './start-inventory.ts';
import { startOrdersCommand } from './start-orders.ts';
import { startSuperscriptCommand } from './start-superscript.ts';

/** `press-twice start [system]`: the experiment, on real input, with its proof. The fees' without a name. */
export function startCommand(ends: Ends): Command {
  const systems = [
    startFeesCommand(ends),
    startSuperscriptCommand(ends),
    startInventoryCommand(ends),
    startOrdersCommand(ends),
    startFlowsCommand(ends),
  ];
  const names = systems.map((command) => command.name());
  const listed = new Intl.ListFormat('en-GB');
  const start = new Command('start').helpCommand(false).showSuggestionAfterError(false);
  for (const [index, system] of systems.entries()) {
    system.exitOverride().showSuggestionAfterError(false).allowExcessArguments();
    system.hook('preAction', (_start, { args: [excess] }) => {
      if (excess === undefined) return;
      start.error(
        `error: the system '${excess}' is invalid: there are ${listed.format(names.toReversed())}.`,
      );
    });
    start.addCommand(system, { isDefault: index === 0 });
  }
  return start.addHelpText(
    'after',
    `\nThe flags of each: ${names.map((name) => `start ${name} --help`).join(', ')}`,
  );
}
