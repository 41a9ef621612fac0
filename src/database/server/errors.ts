/** A PostgreSQL of our own cannot be found, or did not start. Nothing of it is left. */
export class PostgresStartError extends Error {
  override readonly name = 'PostgresStartError';

  constructor(reason: string, options?: ErrorOptions) {
    super(`No PostgreSQL of our own: ${reason}. Set DATABASE_URL to one that runs`, options);
  }
}

/** An error of a command in one line of a bounded length; what it wrote to stderr says more than its code. */
export function reasonOf(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: unknown; readonly message?: unknown };
  const text = String(stderr || message || error);
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 150)} … ${line.slice(-150)}` : line;
}

/** Another process took the port between the look for a free one and its use. */
export class PortTakenError extends PostgresStartError {
  constructor() {
    super('its port was taken at the last moment');
  }
}
