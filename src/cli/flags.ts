import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, Option } from 'commander';

/** Flags that more than one command has, each with its own check. */
export const portFlag = () =>
  new Option('--port <port>', 'port of the HTTP server; 0 for any free one').argParser((text) =>
    wholeNumber(text, 0, 65_535),
  );

export const accountsFlag = () =>
  new Option('--accounts <file>', 'CSV of opening balances: account_id,balance').default(
    fixture('fees/accounts.csv'),
    'fixtures/fees/accounts.csv',
  );

export const delayFlag = () =>
  new Option('--delay <from-to>', 'wait before each deduction, in milliseconds')
    .argParser(range)
    .default([200, 400] as [number, number], '200-400');

/** Where accounts and their keys live. */
export type StoreName = 'memory' | 'postgres';

export const storeFlag = () =>
  new Option('--store <where>', 'where accounts, stock and keys live')
    .choices(['memory', 'postgres'] satisfies StoreName[])
    .default('memory' satisfies StoreName);

export const tokensFlag = () =>
  new Option(
    '--tokens <file>',
    'CSV of bearer tokens: tenant,token,rights; each tenant gets the opening balances (default: TOKENS_FILE, or none)',
  );

export const rateLimitFlag = () =>
  new Option(
    '--rate-limit <n>',
    'new keys and orders a minute for each tenant (default: NEW_KEYS_PER_MINUTE, or any number)',
  ).argParser((text) => wholeNumber(text, 1, 1_000_000));

export function wholeNumber(text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It has to be a whole number from ${least} to ${most}.`);
}

function range(text: string): [number, number] {
  const [from, to] = text.split('-').map((part) => wholeNumber(part, 0, 60_000));
  if (from === undefined || to === undefined || from > to || text.split('-').length > 2) {
    throw new InvalidArgumentError('It has to be a range such as 200-400.');
  }
  return [from, to];
}

/** Source and build are equally deep, so the way to the fixtures is the same from both. */
export function fixture(path: string): string {
  return fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url));
}
