import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { CannotCheckError, type CheckOptions, check } from '#check';
import { paintFor, progressOn, renderCheck } from '#report';
import { wholeNumber } from './flags.ts';
import type { Ends, ExitCode } from './index.ts';
import { untilInterrupted } from './interrupt.ts';

interface CheckFlags {
  readonly keyHeader?: string;
  readonly bareKey?: true;
  readonly body?: string;
  readonly amountField?: string;
  readonly accountField?: string;
  readonly otherAccount?: string;
  readonly accountPath?: string;
  readonly balanceField?: string;
  readonly countUrl?: string;
  readonly header: readonly string[];
  readonly tenantHeader: readonly string[];
  readonly restartCommand?: string;
  readonly retention?: number;
  readonly slow?: true;
  readonly duplicates?: readonly number[];
  readonly only?: readonly string[];
  readonly timeout?: number;
  readonly deadline?: number;
  readonly settle?: number;
  readonly ca?: string;
  readonly iOwnThis?: true;
  readonly json?: true;
}

/** `press-twice check URL`: is this endpoint idempotent? Whatever it is written in, and whoever has written it. */
export function checkCommand(ends: Ends): Command {
  const command = new Command('check')
    .argument('<url>', 'where to POST; {key} in it stands for the key')
    .option('--key-header <name>', 'the header that takes the key (default: Idempotency-Key)')
    .option('--bare-key', 'send the key without the quotes of an RFC 9651 String')
    .option('--body <json>', 'a body that succeeds (default: {"account_id":"alice","amount":10})')
    .option('--amount-field <name>', 'its member with the amount (default: amount)')
    .option('--account-field <name>', 'its member with the account (default: account_id)')
    .option('--other-account <id>', 'another account with money (default: bob)')
    .option('--account-path <path>', 'where a balance is read, such as /accounts/{account}')
    .option('--balance-field <name>', 'the member that holds it (default: balance)')
    .option('--count-url <url>', 'or where the number of effects is read')
    .option('--header <line>', 'sent with each request; may be repeated', append, [])
    .option('--tenant-header <line>', 'sent by another tenant instead; may be repeated', append, [])
    .option('--restart-command <command>', 'kills the server, starts it again, and ends')
    .option(
      '--retention <seconds>',
      'how long keys are kept, where that can be waited for',
      seconds,
    )
    .option('--slow', 'also what takes up to 100 seconds')
    .option('--duplicates <list>', 'requests at one instant (default: 5,50,500)', numbers)
    .option('--only <rules>', 'look at these alone, such as A05,A15', list)
    .option('--timeout <seconds>', 'how long a request may take (default: 10)', seconds)
    .option('--deadline <seconds>', 'after this no rule is begun (default: 120)', seconds)
    .option('--settle <ms>', 'how late an effect may land (default: 500)', milliseconds)
    .option('--ca <file>', 'certificates to trust (PEM)')
    .option('--i-own-this', 'the endpoint is yours, although it is on another machine')
    .option('--json', 'print the report as one JSON document, and nothing else');
  return command.action(async (url: string, flags: CheckFlags) => ends(await run(url, flags)));
}

async function run(url: string, flags: CheckFlags): Promise<ExitCode> {
  const progress = progressOn(process.stderr);
  const options = await optionsOf(url, flags);
  const task = (signal: AbortSignal) =>
    check({ ...options, signal, onProgress: ({ text }) => progress.show(text) });
  const report = await untilInterrupted(task, { graceMs: 1_500, atLast: () => {} }).finally(() =>
    progress.end(),
  );
  const text = flags.json ? JSON.stringify(report) : renderCheck(report, paintFor(process.stdout));
  process.stdout.write(`${text}\n`);
  return report.brokenMusts > 0 ? 1 : 0;
}

async function optionsOf(url: string, flags: CheckFlags): Promise<CheckOptions> {
  const { header, tenantHeader, retention, timeout, deadline, settle, ca, ...same } = flags;
  return {
    ...same,
    url,
    headers: header,
    tenantHeaders: tenantHeader,
    retentionSeconds: retention,
    timeoutMs: inMilliseconds(timeout),
    deadlineMs: inMilliseconds(deadline),
    settleMs: settle,
    ca: ca === undefined ? undefined : await readCertificates(ca),
  };
}

function inMilliseconds(time: number | undefined): number | undefined {
  return time === undefined ? undefined : time * 1000;
}

async function readCertificates(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new CannotCheckError(`Cannot read ${file}: give --ca a file of certificates`, { cause });
  }
}

function append(line: string, lines: readonly string[]): readonly string[] {
  return [...lines, line];
}

function seconds(text: string): number {
  return wholeNumber(text, 1, 3_600);
}

function milliseconds(text: string): number {
  return wholeNumber(text, 1, 60_000);
}

function list(text: string): readonly string[] {
  return text.split(',').map((id) => id.trim());
}

function numbers(text: string): readonly number[] {
  const counts = list(text).map((part) => wholeNumber(part, 2, 2_000));
  if (counts.length <= 10) return counts;
  throw new InvalidArgumentError('At most ten numbers.');
}
