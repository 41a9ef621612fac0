/**
 * The largest amount, in cents: fifteen digits, which every JSON number carries without loss. From there
 * on two amounts that differ by a cent can be one and the same number.
 */
export const MAX_AMOUNT_CENTS = 999_999_999_999_999;

/**
 * Reads an amount as it was written, `10`, `10.5` or `10.50`, into whole cents. Nothing is rounded.
 *
 * @throws {InvalidAmountError} for anything else: a sign, an exponent, a third decimal, too many digits
 */
export function centsFromText(text: string): number {
  const match = /^(\d+)(?:\.(\d{1,2}))?$/.exec(text);
  if (!match) throw new InvalidAmountError(text);

  const cents = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  if (cents > MAX_AMOUNT_CENTS) throw new InvalidAmountError(text);
  return cents;
}

/**
 * The same for a number: 10.1 is 1010 cents, and 10.005 is refused.
 *
 * Trap: a number has been rounded by whoever parsed it. Where its text is at hand, read the text.
 */
export function centsFromAmount(amount: number): number {
  // A start from outside, such as the CLI's, can carry anything under this name.
  if (typeof amount !== 'number') throw new InvalidAmountError(JSON.stringify(amount) ?? 'nothing');
  return centsFromText(String(amount));
}

export function amountFromCents(cents: number): number {
  return cents / 100;
}

/** `1234.50`, for people and for messages. */
export function formatCents(cents: number): string {
  return amountFromCents(cents).toFixed(2);
}

/**
 * A negative amount would be a gift, and a fraction a rounding: neither may come as far as a store.
 *
 * @throws {RangeError}
 */
export function requireCents(cents: number, least: number): void {
  if (Number.isSafeInteger(cents) && cents >= least && cents <= MAX_AMOUNT_CENTS) return;
  throw new RangeError(`${cents} is not a number of cents from ${least} to ${MAX_AMOUNT_CENTS}`);
}

/** Not an amount of money that can be carried exactly; a retry cannot help. */
export class InvalidAmountError extends Error {
  override readonly name = 'InvalidAmountError';

  constructor(amount: string) {
    super(`Bad amount ${amount.slice(0, 40)}: a number of at most two decimals and fifteen digits`);
  }
}
