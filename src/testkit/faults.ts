/**
 * An activity whose first `times` calls do their work and then fail instead of reporting it: what a lost
 * acknowledgement looks like to the server, which gives the attempt out again.
 */
export function failAfterEffect<Args extends readonly unknown[], Result>(
  times: number,
  activity: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  let left = times;
  return async (...args) => {
    const result = await activity(...args);
    if (left === 0) return result;
    left -= 1;
    throw new LostAcknowledgementError();
  };
}

/** Planted: the effect has happened, its report has not arrived. */
export class LostAcknowledgementError extends Error {
  override readonly name = 'LostAcknowledgementError';

  constructor() {
    super('The effect happened, and the worker failed before it could report it');
  }
}
