import type { Flaw } from './definition-flaws.ts';

// The names of these classes are the types of the workflow's failures: they are stored for years.

/** The definition cannot be run; nothing was started. */
export class InvalidFlowError extends Error {
  override readonly name = 'InvalidFlowError';
  readonly flaws: readonly Flaw[];

  constructor(flaws: readonly Flaw[]) {
    super(`Bad flow: ${flaws.map(({ message }) => message).join('; ')}`);
    this.flaws = flaws;
  }
}

/** A node that the worker was given twice, or that its workflows know and its activities do not. The worker does not start. */
export class NodeRegistrationError extends Error {
  override readonly name = 'NodeRegistrationError';
}

/** No answer, 5xx, 408, 409, 425 or 429: whether the receiver has acted is unknown. Asking again with the same key is safe. */
export class WebhookUnavailableError extends Error {
  override readonly name = 'WebhookUnavailableError';
  /** The receiver's wish, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    { retryAfterMs, ...options }: ErrorOptions & { readonly retryAfterMs?: number } = {},
  ) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** There is no URL to call, in the definition or in the worker's configuration, or none that it may call; a retry cannot help. */
export class WebhookUrlError extends Error {
  override readonly name = 'WebhookUrlError';
}

/** No run of that name listens any more, or there has never been one. Nothing was done. */
export class FlowNotOpenError extends Error {
  override readonly name = 'FlowNotOpenError';

  constructor(workflowId: string) {
    super(`"${workflowId}" is not open: nobody has started it, or it is over`);
  }
}

/** The flow does not listen to a signal of this name. */
export class UnknownSignalError extends Error {
  override readonly name = 'UnknownSignalError';

  constructor(name: string, known: readonly string[]) {
    super(`No flow listens to "${name}": it is one of ${known.join(', ')}`);
  }
}

/** There is no schedule of that name. Nothing was done. */
export class UnknownScheduleError extends Error {
  override readonly name = 'UnknownScheduleError';

  constructor(schedule: string) {
    super(`No schedule "${schedule}" of this flow: create it first`);
  }
}
