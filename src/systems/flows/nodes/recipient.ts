/** The longest one, as configs may name it, in UTF-16 units. */
export const MAX_RECIPIENT_LENGTH = 255;

/**
 * Whom an entry is for: whom the config names, else whom the input names, else everybody's stand-in.
 *
 * @throws {RangeError} it is too long: it goes along with the flow to its end
 */
export function recipientOf(to: string | undefined, named: unknown, standIn: string): string {
  const recipient = to ?? (typeof named === 'string' && named !== '' ? named : standIn);
  if (recipient.length <= MAX_RECIPIENT_LENGTH) return recipient;
  throw new RangeError(
    `A ${standIn} has a name of at most ${MAX_RECIPIENT_LENGTH} characters: send a shorter ID`,
  );
}
