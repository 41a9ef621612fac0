import { JsonNumber } from '../json.ts';

/**
 * The meaning of a parsed body, in a form that `fingerprint` can digest: two bodies are equal here if no handler
 * could tell them apart.
 *
 * The order of members and the spacing do not count. Numbers are compared as decimals, not as what a double makes
 * of them: 10, 10.0 and 1e1 are one number, 10.0000000000000000001 is another. Bytes and text, as
 * `express.raw()` and `express.text()` hand them out, are what they are.
 *
 * Trap: `express.json()` has rounded its numbers before anybody can compare them.
 *
 * @throws {TypeError} for an object of a class that is not known here
 */
export function meaningOf(value: unknown): unknown {
  if (value === undefined) return ['nothing'];
  if (value instanceof JsonNumber) return ['number', decimalOf(value.text)];
  if (typeof value === 'number') return ['number', decimalOf(String(value))];
  if (value instanceof Uint8Array) return ['bytes', Buffer.from(value).toString('base64')];
  if (Array.isArray(value)) return ['array', value.map(meaningOf)];
  if (typeof value === 'object' && value !== null) return ['object', membersOf(value)];
  return value;
}

function membersOf(value: object): Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(
      `idempotent(): a body with a ${value.constructor.name} in it cannot be compared: mount it behind a parser of plain data`,
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, meaningOf(member)]),
  );
}

/** Sign, digits without zeros at either end, exponent: one spelling for each decimal. */
function decimalOf(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text);
  if (match === null) return text;

  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = withoutZerosAtTheEnd(digits);
  if (significant === '') return `${sign}0`;

  const shift = digits.length - significant.length - fraction.length;
  return `${sign}${significant}e${BigInt(exponent) + BigInt(shift)}`;
}

/** Not `/0+$/`, whose time grows with the square where the zeros are in the middle. */
function withoutZerosAtTheEnd(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
