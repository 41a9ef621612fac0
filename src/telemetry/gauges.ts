import type { IdempotencyStore, InFlight } from '#idempotency';

export interface WatchKeysOptions {
  readonly keys: Pick<IdempotencyStore, 'inFlight'>;
  readonly everyMs: number;
  readonly onRead: (inFlight: InFlight) => void;
  /** The store does not answer; the gauge stands where it stood. Told once for an outage. */
  readonly onFault: (error: unknown) => void;
}

/** Reads how many keys are in flight, now and again, until it is disposed of. One reading ends before the next begins. */
export function watchKeys({ keys, everyMs, onRead, onFault }: WatchKeysOptions): AsyncDisposable {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let isAway = false;
  let reading = read();

  async function read(): Promise<void> {
    try {
      onRead(await keys.inFlight());
      isAway = false;
    } catch (error) {
      if (!isAway) onFault(error);
      isAway = true;
    }
    if (isOver) return;
    timer = setTimeout(() => {
      reading = read();
    }, everyMs).unref();
  }
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      clearTimeout(timer);
      await reading;
    },
  };
}
