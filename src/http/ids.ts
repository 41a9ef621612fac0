import { Problem, problemType } from './problem.ts';

/** The longest ID, in UTF-16 units: at most 765 bytes, which fit a workflow ID (1000) and an index. */
export const MAX_ID_LENGTH = 255;

/**
 * Lets an ID from outside through unchanged, or refuses it: what passes here names one thing, whoever
 * compares it later, and can stand in a path, a log line and a header.
 *
 * Trap: nothing is trimmed, folded or normalized. A repaired ID would be another client's.
 *
 * @param label how the message calls it: `Order ID`
 * @throws {Problem} 400, with a detail such as `Order ID is required`
 */
export function parseId(label: string, value: unknown): string {
  if (value === undefined || value === null) throw badId(label, 'is required');
  if (typeof value !== 'string') throw badId(label, 'must be a string');
  if (value.trim() === '') throw badId(label, 'is required');

  const flaw = FLAWS.find(([has]) => has(value));
  if (flaw !== undefined) throw badId(label, flaw[1]);
  return value;
}

/** The longest name of a tenant, in UTF-16 units: with it, the longest ID still fits a workflow ID (1000 bytes). */
const MAX_TENANT_LENGTH = 63;

/**
 * The same for the name of a tenant, which stands in front of the IDs that are its own.
 *
 * @throws {Problem} 400
 */
export function parseTenant(value: unknown): string {
  const tenant = parseId('Tenant', value);
  if (tenant.length <= MAX_TENANT_LENGTH) return tenant;
  throw badId('Tenant', `must have at most ${MAX_TENANT_LENGTH} characters`);
}

/** The same for a parameter of a route, where Express hands out a wildcard as its segments. */
export function parsePathId(
  label: string,
  parameter: string | readonly string[] | undefined,
): string {
  return parseId(label, [parameter ?? ''].flat().join('/'));
}

const FLAWS: readonly (readonly [(id: string) => boolean, string])[] = [
  [(id) => id.length > MAX_ID_LENGTH, `must have at most ${MAX_ID_LENGTH} characters`],
  [(id) => !id.isWellFormed(), 'must be whole Unicode characters'],
  // Line and paragraph separators end a line in a log, as control characters do.
  [(id) => /[\p{Cc}\p{Zl}\p{Zp}]/u.test(id), 'must not contain control characters'],
  [(id) => /[/\\]/.test(id), 'must not contain slashes'],
  // It parts the tenant from what is the tenant's own (`scoped`).
  [(id) => id.includes('~'), 'must not contain a tilde'],
  // A client's URL parser takes these out of a path, encoded or not: they cannot be asked for again.
  [(id) => id === '.' || id === '..', 'must not be a relative path'],
  [(id) => id !== id.trim(), 'must not begin or end with a blank'],
  // One name in two spellings would be two orders.
  [(id) => id !== id.normalize('NFC'), 'must be in Unicode normalization form C'],
];

function badId(label: string, flaw: string): Problem {
  return new Problem({
    status: 400,
    type: problemType(`bad-${label.toLowerCase().replaceAll(' ', '-')}`),
    title: `Bad ${label}`,
    detail: `${label} ${flaw}`,
  });
}
