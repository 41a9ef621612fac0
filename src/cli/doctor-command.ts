import { Command } from 'commander';
import { loadConfig } from '#config';
import { paintFor, renderTable } from '#report';
import { type Check, examine } from './doctor.ts';
import type { Ends } from './index.ts';

/** `press-twice doctor`: what this machine has and lacks, each with its mend. */
export function doctorCommand(ends: Ends): Command {
  return new Command('doctor').action(async () => {
    const checks = await examine({ config: loadConfig(), env: process.env });
    process.stdout.write(`${renderChecks(checks)}\n`);
    ends(checks.some(({ ok }) => ok === 'broken') ? 1 : 0);
  });
}

function renderChecks(checks: readonly Check[]): string {
  return renderTable(
    {
      title: 'What this machine has',
      columns: ['', 'what', 'found', 'mend'],
      rows: checks.map(({ name, ok, found, mend }) => [ok, name, found, mend ?? '']),
    },
    paintFor(process.stdout),
  );
}
