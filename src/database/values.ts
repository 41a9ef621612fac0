/** A bigint comes as text, because a number may not hold it. What this project writes fits. @throws {RangeError} */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError(`${text} in the database is more than a number can hold`);
}

/** Whether a text can be in a table at all. A text in PostgreSQL holds no NUL, and the driver would write half of a character as another one. */
export function isStorable(id: string): boolean {
  return id.isWellFormed() && !id.includes('\0');
}

/** @throws {RangeError} */
export function requireStorable(id: string): void {
  if (!isStorable(id))
    throw new RangeError(`${JSON.stringify(id)} cannot be stored: use another ID`);
}
