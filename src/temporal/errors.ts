import { isGrpcServiceError } from '@temporalio/client';

/**
 * The Temporal server did not answer. Whether it did what it was asked is unknown, so the only right
 * answer is to ask again under the same workflow ID.
 */
export class TemporalUnavailableError extends Error {
  override readonly name = 'TemporalUnavailableError';
  /** When to ask again, in seconds: the value of an HTTP `Retry-After`. */
  readonly retryAfterSeconds = 5;

  constructor(options?: ErrorOptions) {
    super('The Temporal server does not answer: ask again, under the same ID', options);
  }
}

/** Runs a call to the server and names an outage by its one name. */
export async function throughOutages<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isOutage(error)) throw new TemporalUnavailableError({ cause: error });
    throw error;
  }
}

// The numbers are gRPC's: https://grpc.io/docs/guides/status-codes/
const DEADLINE_EXCEEDED = 4;
const RESOURCE_EXHAUSTED = 8;
const UNAVAILABLE = 14;

function isOutage(error: unknown): boolean {
  const code = grpcCodeOf(error);
  return code !== undefined && [DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE].includes(code);
}

/** The gRPC status of an error or of its cause; undefined for one that is not the server's answer. */
export function grpcCodeOf(error: unknown): number | undefined {
  const found = [error, (error as { cause?: unknown } | undefined)?.cause].find((candidate) =>
    isGrpcServiceError(candidate),
  );
  return isGrpcServiceError(found) ? found.code : undefined;
}
