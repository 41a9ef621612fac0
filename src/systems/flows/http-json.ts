import { JsonNumber, Problem, problemType } from '#http';

/**
 * What a body has under a name, as a workflow can be given it: each `JsonNumber` is a number of the same value.
 *
 * @param where the name of the member, with which messages begin: `input`
 * @throws {Problem} 400 for a number that would be another one, and for text that a database cannot keep
 */
export function plainJson(where: string, value: unknown): unknown {
  if (value instanceof JsonNumber) return plainNumber(where, value.text);
  if (typeof value === 'string') return plainText(where, value);
  if (Array.isArray(value)) {
    return value.map((one, place) => plainJson(`${where}[${place}]`, one));
  }
  return isObject(value) ? plainObject(where, value) : value;
}

/** @throws {Problem} 400 for everything but a JSON object */
export function plainMembers(where: string, value: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(value) || Array.isArray(value) || value instanceof JsonNumber) {
    throw badValue(where, 'has to be a JSON object');
  }
  return plainObject(where, value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function plainObject(where: string, value: object): Readonly<Record<string, unknown>> {
  const members = Object.entries(value).map(([name, member]) => {
    // Whoever copies such an object by assignment gets another one.
    if (name === '__proto__') throw badValue(where, 'must not have a member "__proto__"');
    return [plainText(where, name), plainJson(`${where}.${name}`, member)];
  });
  return Object.fromEntries(members);
}

/** Half of a character becomes another one on its way, and PostgreSQL keeps no NUL. */
function plainText(where: string, text: string): string {
  if (!text.isWellFormed()) throw badValue(where, 'has to be whole Unicode characters');
  if (text.includes('\0')) throw badValue(where, 'must not have a NUL in it');
  return text;
}

/** A longer one has digits that a number cannot keep, or says little with many. */
const MAX_NUMBER_LENGTH = 100;

function plainNumber(where: string, text: string): number {
  const number = text.length > MAX_NUMBER_LENGTH ? Number.NaN : Number(text);
  if (Number.isFinite(number) && digitsOf(text) === digitsOf(String(number))) return number;
  throw badValue(where, 'has a number that cannot be kept as it is: send it as a string');
}

/** Of the nearest number, other digits or none at all are the only way to be another number. */
function digitsOf(text: string): string {
  const [digits = ''] = text.toLowerCase().split('e');
  return digits.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
}

function badValue(where: string, flaw: string): Problem {
  const [member = where] = where.split(/[.[]/);
  const shown = where.length > 100 ? `${where.slice(0, 100)}…` : where;
  return new Problem({
    status: 400,
    type: problemType(`bad-${member}`),
    title: `Bad ${member}`,
    detail: `${shown} ${flaw}`,
  });
}
