import { type Options, parse } from 'csv-parse/sync';
import { BadFileError, readTextFile } from '#demos';
import { type Authenticate, BadTokenError, bearerTokens, type Principal, parseTenant } from '#http';
import { scoped } from '#idempotency';

/** The clients that a file knows. */
export interface Tokens {
  readonly authenticate: Authenticate;
  /** Each of them once, in the order of the file. */
  readonly tenants: readonly string[];
}

/**
 * Reads bearer tokens: `tenant,token,rights`, a header and a line each; the rights are `read` or `read-write`. There
 * are no quotes: a comma is part of none of the three.
 *
 * Trap: whoever can read the file can be every tenant. The messages show no token.
 *
 * @throws {BadFileError} naming the line
 */
export async function readTokens(path: string): Promise<Tokens> {
  const rows = await readRows(path);
  const entries = rows.map((row) => entryOf(path, row));
  return {
    authenticate: authenticateBy(path, rows, entries),
    tenants: [...new Set(entries.map(([, { tenant }]) => tenant))],
  };
}

/** Opening balances of accounts: each tenant gets all of them, under names that are its own. */
export function balancesOfEach(
  tenants: readonly string[],
  balancesCents: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const own = (tenant: string) =>
    [...balancesCents].map(([id, cents]) => [scoped(tenant, id), cents] as const);
  return new Map(tenants.flatMap(own));
}

interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

const HEADER = 'tenant,token,rights';
const RIGHTS: readonly Principal['rights'][] = ['read', 'read-write'];

async function readRows(path: string): Promise<readonly Row[]> {
  const [header, ...rows] = parse(await readTextFile(path), OPTIONS) as unknown as Parsed[];
  if (header?.record.join() !== HEADER) {
    throw new BadFileError(path, 1, `the header has to be "${HEADER}"`);
  }
  if (rows.length === 0) throw new BadFileError(path, 1, 'it has no tokens: nobody could come in');
  return rows.map(({ info, record }) => ({ line: info.lines, fields: record }));
}

interface Parsed {
  readonly info: { readonly lines: number };
  readonly record: readonly string[];
}

/** Nothing of a line is an error to the parser, whose messages would show it. */
const OPTIONS = {
  bom: true,
  info: true,
  quote: null,
  record_delimiter: ['\r\n', '\n'],
  relax_column_count: true,
  skip_empty_lines: true,
  trim: true,
} satisfies Options;

function entryOf(path: string, { line, fields }: Row): [string, Principal] {
  const [name, token = '', given] = fields;
  const rights = RIGHTS.find((known) => known === given);
  if (fields.length !== 3) {
    throw new BadFileError(path, line, `it has to be "${HEADER}", not ${fields.length} fields`);
  }
  if (rights === undefined) {
    throw new BadFileError(path, line, `the rights have to be ${RIGHTS.join(' or ')}`);
  }
  try {
    return [token, { tenant: parseTenant(name), rights }];
  } catch (cause) {
    throw new BadFileError(path, line, messageOf(cause), { cause });
  }
}

function authenticateBy(
  path: string,
  rows: readonly Row[],
  entries: readonly [string, Principal][],
): Authenticate {
  try {
    return bearerTokens(entries);
  } catch (error) {
    if (!(error instanceof BadTokenError)) throw error;
    throw new BadFileError(path, rows[error.index]?.line ?? 1, error.message, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
