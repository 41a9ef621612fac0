import { RULES } from './contract/index.ts';
import { BadOptionError } from './errors.ts';
import type { CheckOptions, EffectSource, Header, Settings } from './options.ts';
import { type FindOptions, type Found, findPlace } from './place.ts';

/**
 * Makes settings of options: nothing that is wrong with them comes further than this.
 *
 * @throws {CannotCheckError}
 */
export async function readSettings(options: CheckOptions): Promise<Settings> {
  const { iOwnThis = false, ca } = options;
  const found = await findPlace(options.url, { iOwnThis, ca });
  const body = readBody(options.body ?? '{"account_id":"alice","amount":10}');
  return {
    ...found,
    key: readKey(options, found),
    body,
    amount: readAmount(body, options.amountField ?? 'amount'),
    account: readAccount(body, options.accountField ?? 'account_id'),
    otherAccount: options.otherAccount ?? 'bob',
    effects: await readEffects(options, { iOwnThis, ca }),
    headers: (options.headers ?? []).map(readHeader),
    tenantHeaders: (options.tenantHeaders ?? []).map(readHeader),
    restartCommand: options.restartCommand,
    retentionSeconds: options.retentionSeconds,
    slow: options.slow ?? false,
    duplicates: (options.duplicates ?? [5, 50, 500]).map(readCount),
    only: options.only?.map(readRuleId),
    timeoutMs: options.timeoutMs ?? 10_000,
    deadlineMs: options.deadlineMs ?? 120_000,
    settleMs: options.settleMs ?? 500,
    signal: options.signal ?? new AbortController().signal,
  };
}

function readKey({ keyHeader, bareKey = false }: CheckOptions, { path }: Found): Settings['key'] {
  const name = keyHeader ?? 'Idempotency-Key';
  if (path.includes('{key}')) {
    if (keyHeader === undefined && !bareKey) return { in: 'path' };
    throw new BadOptionError('The key stands in the URL: leave --key-header and --bare-key out');
  }
  if (!TOKEN.test(name)) throw new BadOptionError(`No name of a header: ${JSON.stringify(name)}`);
  return { in: 'header', name, bare: bareKey };
}

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

function readHeader(line: string): Header {
  const [, name, value] = /^([^:]+):\s*(.*?)\s*$/.exec(line) ?? [];
  if (name === undefined || value === undefined || !TOKEN.test(name) || !/^[ -~]*$/.test(value)) {
    throw new BadOptionError(`No header: ${JSON.stringify(line)}: it is written as "Name: value"`);
  }
  return [name, value];
}

function readBody(text: string): ReadonlyMap<string, string> {
  const body = parseJson(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new BadOptionError(`The body is no JSON object: ${text.slice(0, 60)}`);
  }
  return new Map(Object.entries(body).map(([name, value]) => [name, JSON.stringify(value)]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BadOptionError(`The body is no JSON: ${text.slice(0, 60)}`, { cause });
  }
}

function readAmount(body: Settings['body'], field: string): Settings['amount'] {
  const value: unknown = JSON.parse(body.get(field) ?? 'null');
  return typeof value === 'number' && value > 0 ? { field, value } : undefined;
}

function readAccount(body: Settings['body'], field: string): Settings['account'] {
  const value: unknown = JSON.parse(body.get(field) ?? 'null');
  return typeof value === 'string' ? { field, value } : undefined;
}

async function readEffects(
  { url, accountPath, balanceField = 'balance', countUrl }: CheckOptions,
  find: FindOptions,
): Promise<EffectSource | undefined> {
  if (accountPath !== undefined && countUrl !== undefined) {
    throw new BadOptionError('Effects are seen by --account-path or by --count-url, not by both');
  }
  if (countUrl !== undefined) return { by: 'count', ...(await findPlace(countUrl, find)) };
  if (accountPath === undefined) return undefined;
  const origin = /^[a-z]+:\/\/[^/?#]*/i.exec(url.trim())?.[0] ?? '';
  const whole = accountPath.startsWith('/') ? `${origin}${accountPath}` : accountPath;
  return { by: 'balance', field: balanceField, ...(await findPlace(whole, find)) };
}

function readRuleId(id: string): string {
  if (RULES.some((rule) => rule.id === id)) return id;
  throw new BadOptionError(
    `No rule ${id}: rules are called ${RULES[0]?.id} to ${RULES.at(-1)?.id}`,
  );
}

function readCount(n: number): number {
  if (Number.isInteger(n) && n >= 2 && n <= 2_000) return n;
  throw new BadOptionError(`${n} duplicates: a whole number from 2 to 2000`);
}
