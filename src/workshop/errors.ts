/** What a command of the workshop ends with. */
export const EXIT = {
  good: 0,
  claimFails: 1,
  usage: 2,
  environment: 3,
  stopped: 4,
  testChanged: 5,
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Something that a person can put right, in one line. */
export class WorkshopError extends Error {
  override name = 'WorkshopError';
  readonly exitCode: Exit;

  constructor(message: string, exitCode: Exit, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
