/** The check cannot be made: it was asked for wrongly, or there is nothing to check. The message is one line. */
export class CannotCheckError extends Error {
  override readonly name: string = 'CannotCheckError';
}

/** An option that says nothing that can be done. */
export class BadOptionError extends CannotCheckError {
  override readonly name = 'BadOptionError';
}

/** The endpoint is on another machine, and nobody has said that it may be asked to pay hundreds of times. */
export class NotYoursError extends CannotCheckError {
  override readonly name = 'NotYoursError';

  constructor(host: string, address: string) {
    const where = host === address ? host : `${host} (${address})`;
    super(
      `${where} is not this machine: the check sends hundreds of requests that move money; say --i-own-this if it is yours`,
    );
  }
}

/** Nothing listens there, or what listens there does not speak HTTP. */
export class NobodyAnswersError extends CannotCheckError {
  override readonly name = 'NobodyAnswersError';
}

/** The very first request was not served, so nothing after it would tell anything. */
export class FirstRequestRefusedError extends CannotCheckError {
  override readonly name = 'FirstRequestRefusedError';
}

/** The balance or the count cannot be read. */
export class EffectUnreadableError extends CannotCheckError {
  override readonly name = 'EffectUnreadableError';
}
