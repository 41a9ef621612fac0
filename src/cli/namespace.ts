import { Command, InvalidArgumentError, Option } from 'commander';
import { SEARCH_ATTRIBUTES } from '#server';
import { connect } from '#temporal/connect';
import { type RegisteredNamespace, registerNamespace } from '#temporal/register-namespace';
import type { Ends, ExitCode } from './index.ts';

const HOUR_MS = 3_600_000;
/** The server's own limit is no lower; a number of ten digits is a slip. */
const MOST_MS = 3_650 * 24 * HOUR_MS;
const UNITS = { d: 24 * HOUR_MS, h: HOUR_MS, m: 60_000, s: 1_000 } as const;

interface NamespaceFlags {
  readonly retention?: number;
}

/** `press-twice namespace <name>`: what orders need of a server, registered once. */
export function namespaceCommand(ends: Ends): Command {
  return new Command('namespace')
    .argument('<name>', 'such as order-service; afterwards TEMPORAL_NAMESPACE', nameOf)
    .addOption(
      new Option(
        '--retention <time>',
        'how long a closed run is known: 1h at least, such as 72h or 30d (default: 1d)',
      ).argParser(retentionOf),
    )
    .addHelpText('after', HELP)
    .action(async (name: string, flags: NamespaceFlags) => ends(await register(name, flags)));
}

const HELP = `
Retention is the length of Temporal's memory. As long as a closed run is known, its workflow ID answers whoever
repeats the order; when it is gone, no reuse policy knows the ID any more, and a repeat starts a second run. What
keeps that run from a second effect is the key that is stored with the effect. So let retention be longer than any
client retries, and keys live longer than retention.

The namespace and the search attributes are registered where they are missing, and what is there is left as it is,
a different retention included. The server is the one of the standard environment configuration (TEMPORAL_ADDRESS,
TEMPORAL_PROFILE, TEMPORAL_TLS…, TEMPORAL_API_KEY). A dev server that \`serve\` starts has the namespace that
TEMPORAL_NAMESPACE names by itself.`;

async function register(namespace: string, flags: NamespaceFlags): Promise<ExitCode> {
  const { retention: retentionMs = UNITS.d } = flags;
  await using connections = await connect(process.env, { namespace: 'may be missing' });
  const registered = await registerNamespace(connections.client.connection, {
    namespace,
    retentionMs,
    searchAttributes: SEARCH_ATTRIBUTES,
  });
  for (const line of linesOf(namespace, registered, flags)) process.stdout.write(`${line}\n`);
  return 0;
}

function linesOf(
  namespace: string,
  { outcome, retentionMs, added, known }: RegisteredNamespace,
  { retention }: NamespaceFlags,
): readonly string[] {
  const isOther = retention !== undefined && retention !== retentionMs;
  return [
    `namespace ${namespace}: ${outcome}, retention ${timeOf(retentionMs)}`,
    ...(isOther
      ? [
          `retention: left alone, and not ${timeOf(retention)}: temporal operator namespace update --namespace ${namespace} --retention ${timeOf(retention)}`,
        ]
      : []),
    `search attributes: ${added.length > 0 ? `added ${added.join(', ')}` : `all ${known.length} were there`}`,
  ];
}

/** In the largest unit that leaves no rest. */
function timeOf(ms: number): string {
  const [unit, unitMs] = Object.entries(UNITS).find(([, one]) => ms % one === 0) ?? ['s', 1_000];
  return `${ms / unitMs}${unit}`;
}

function retentionOf(text: string): number {
  const [, digits = '', unit = 's'] = /^(\d{1,10})([dhms])$/.exec(text) ?? [];
  const ms = Number(digits) * UNITS[unit as keyof typeof UNITS];
  if (digits !== '' && ms >= HOUR_MS && ms <= MOST_MS) return ms;
  throw new InvalidArgumentError('It has to be from 1h to 3650d, such as 72h or 30d.');
}

function nameOf(text: string): string {
  if (/^[A-Za-z0-9][\w.-]{0,199}$/.test(text)) return text;
  throw new InvalidArgumentError('It has to be of letters, digits, dots, dashes and underscores.');
}
