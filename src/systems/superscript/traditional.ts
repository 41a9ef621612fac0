import type { OnPaymentProgress } from './progress.ts';
import type { Scripts } from './script.ts';
import { failureOf, ScriptCancelledError } from './script-errors.ts';

/** The script that pays as it was always done: one order after the other, without a key. */
export const TRADITIONAL_SCRIPT = 'traditional_payment_collection.sh';

export interface TraditionalOptions {
  /** Disposing of them ends what still runs. */
  readonly scripts: Pick<Scripts, 'run'>;
  /** The file that the script writes its effects to; absolute. */
  readonly ledgerPath: string;
  /** Hears of scripts that have failed: nobody waits for them. */
  readonly onProgress?: OnPaymentProgress | undefined;
}

/** Runs of the traditional script in the background, deliberately not idempotent: the control. */
export interface TraditionalRuns {
  /**
   * Starts the script once more, whatever was started before.
   *
   * @param orderIds at least one
   * @throws {TooManyTraditionalRunsError} nothing was started
   */
  start(orderIds: readonly string[]): void;
}

/** So many run at a time: each of them is a process that works through a list. */
export const MOST_TRADITIONAL_RUNS = 4;

export function createTraditionalRuns(options: TraditionalOptions): TraditionalRuns {
  let running = 0;
  return {
    start(orderIds) {
      if (running >= MOST_TRADITIONAL_RUNS) throw new TooManyTraditionalRunsError();
      running += 1;
      void runToEnd(options, orderIds).finally(() => {
        running -= 1;
      });
    },
  };
}

/** There are as many of them as there may be. Nothing was started; ask again later. */
export class TooManyTraditionalRunsError extends Error {
  override readonly name = 'TooManyTraditionalRunsError';

  constructor() {
    super(`${MOST_TRADITIONAL_RUNS} traditional scripts run already: ask again when one has ended`);
  }
}

async function runToEnd(
  { scripts, ledgerPath, onProgress }: TraditionalOptions,
  orderIds: readonly string[],
): Promise<void> {
  try {
    const outcome = await scripts.run(TRADITIONAL_SCRIPT, orderIds, {
      env: { PAYMENT_LEDGER: ledgerPath, PAYMENT_BY: 'traditional' },
      timeoutMs: 3_600_000,
    });
    const failure = failureOf(TRADITIONAL_SCRIPT, outcome);
    // Whoever has ended it knows.
    if (failure === undefined || failure instanceof ScriptCancelledError) return;
    onProgress?.({ event: 'broke', error: failure });
  } catch (error) {
    onProgress?.({ event: 'broke', error });
  }
}
