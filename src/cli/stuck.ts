import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfig } from '#config';
import { namesServer } from '#temporal/connect';
import { type StoreName, wholeNumber } from './flags.ts';
import type { Ends, ExitCode } from './index.ts';
import { CannotLookError, type Found, stuckInServer, stuckKeys } from './stuck-found.ts';

interface StuckFlags {
  readonly store?: StoreName;
  readonly olderThan: number;
  readonly attempts: number;
  readonly taskQueue?: string;
  readonly most: number;
  readonly json?: true;
}

/** `press-twice stuck`: what does not go on by itself, a line each, with what to do about it. */
export function stuckCommand(ends: Ends): Command {
  return new Command('stuck')
    .addOption(
      new Option(
        '--store <where>',
        'where keys live; those in memory nobody else sees (default: postgres where DATABASE_URL is set)',
      ).choices(['memory', 'postgres'] satisfies StoreName[]),
    )
    .addOption(
      new Option('--older-than <time>', 'leave out what has begun, or has passed its lease, since')
        .argParser(msOf)
        .default(60_000, '1m'),
    )
    .addOption(
      new Option('--attempts <n>', 'from which attempt on a task is stuck')
        .argParser((text) => wholeNumber(text, 2, 1_000_000))
        .default(5),
    )
    .addOption(
      new Option('--task-queue <name>', 'look at the runs of this one alone').argParser(nameIn),
    )
    .addOption(
      new Option('--most <n>', 'how many open runs are looked at')
        .argParser((text) => wholeNumber(text, 1, 1_000_000))
        .default(1_000),
    )
    .option('--json', 'what was found as one JSON document')
    .addHelpText('after', HELP)
    .action(async (flags: StuckFlags) => ends(await look(flags)));
}

const HELP = `
Looks at the database that DATABASE_URL names and at the server that the environment names, and changes nothing:
keys past their lease, workflow tasks and activities that are tried over and over, and orders whose refund is not
made (REFUND_PENDING). Exit code 0: nothing is stuck; 1: something is; 2: it could not look everywhere that is named, or
has not looked at all runs (--most).
What to do about each is in tests/chapters/RUNBOOK.md of the repository.`;

async function look({ json, ...flags }: StuckFlags): Promise<ExitCode> {
  const looked = await Promise.allSettled(places(flags));
  const found = looked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stuck = found.flatMap((one) => one.stuck);
  const notes = found.flatMap((one) => one.notes);

  const lines = stuck.map(({ what, mend }) => `${what}: ${mend}`);
  const text = json ? JSON.stringify({ stuck, notes }, null, 2) : lines.join('\n');
  if (text !== '') process.stdout.write(`${text}\n`);
  for (const note of notes) process.stderr.write(`${note}\n`);
  const failed = looked.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  if (stuck.length > 0) return 1;
  // The list begins with the newest runs, so those that nobody has looked at are the oldest.
  if (notes.length > 0) {
    process.stderr.write('nothing is stuck in what was looked at\n');
    return 2;
  }
  process.stderr.write('nothing is stuck\n');
  return 0;
}

/** @throws {CannotLookError} nothing is named */
function places({ store, olderThan, ...flags }: Omit<StuckFlags, 'json'>): Promise<Found>[] {
  const { databaseUrl } = loadConfig();
  const query = { ...flags, olderThanMs: olderThan };
  const where = store ?? (databaseUrl === undefined ? 'memory' : 'postgres');
  if (where === 'postgres' && databaseUrl === undefined) {
    throw new CannotLookError('--store postgres: name its database in DATABASE_URL');
  }
  const asked = [
    ...(where === 'postgres' && databaseUrl ? [stuckKeys(databaseUrl, olderThan)] : []),
    ...(namesServer() ? [stuckInServer(query)] : []),
  ];
  if (asked.length > 0) return asked;
  throw new CannotLookError(
    'There is nowhere to look: name a server in TEMPORAL_ADDRESS, or a database in DATABASE_URL',
  );
}

/** A variable of a script that is not set is no task queue, and nothing is stuck there. */
function nameIn(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It has to be a name: leave it out to look at all of them.');
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function msOf(text: string): number {
  const [, digits, unit = 's'] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (digits !== undefined) return Number(digits) * UNITS[unit as keyof typeof UNITS];
  throw new InvalidArgumentError('It has to be a time such as 90s, 5m or 2h.');
}
