import { readFile } from 'node:fs/promises';
import type { Effect } from '#idempotency';

export type PaymentStep = 'collect' | 'confirm';

/**
 * One step of one payment, as the script noted it: the effect that every experiment of this room counts.
 *
 * Its `key` is the business's name, `7307/collect`, for the naive and the safe alike: a step that was had twice under
 * two idempotency keys was had twice.
 */
export interface PaymentEffect extends Effect {
  readonly orderId: string;
  readonly step: PaymentStep;
  /** What the step was asked for under; absent where it was asked for without a key. */
  readonly idempotencyKey?: string;
}

/** The file that the scripts append their effects to. What is there has happened. */
export interface PaymentLedger {
  readonly path: string;
  /**
   * The effects, oldest first. A line without its end is none: its write has failed, or is about to end.
   *
   * @throws {ForeignLedgerLineError}
   */
  effects(): Promise<readonly PaymentEffect[]>;
}

/** Reads the ledger at this path, which is empty where there is no file. */
export function createPaymentLedger(path: string): PaymentLedger {
  return {
    path,
    async effects() {
      const lines = (await textOf(path)).split('\n').slice(0, -1);
      return lines.flatMap((line, index) => {
        if (isTorn(line)) return [];
        const effect = effectOf(line);
        if (effect === undefined) throw new ForeignLedgerLineError(path, index + 1);
        return [effect];
      });
    },
  };
}

/** No script wrote this line, so nobody knows what was paid. */
export class ForeignLedgerLineError extends Error {
  override readonly name = 'ForeignLedgerLineError';
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;

  constructor(path: string, line: number) {
    super(`Line ${line} of the ledger ${path} is no effect: see who else writes to that file`);
    this.path = path;
    this.line = line;
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** The script ends a line that somebody else could not end with an empty field. */
function isTorn(line: string): boolean {
  return line.endsWith('\t');
}

/**
 * Time, order ID, step, key or "-", who asked. No field has a control character of ASCII: of others the script, which
 * compares bytes, knows nothing.
 */
const EFFECT =
  /^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\t(?<orderId>\d+)\t(?<step>collect|confirm)\t(?<key>[ -~\x80-\u{10ffff}]+)\t(?<by>[ -~\x80-\u{10ffff}]+)$/u;

/** An attempt is told after who has made it: `run 0b5c…, attempt 2`. */
const ATTEMPT = /^(?<who>.*), attempt (?<attempt>\d+)$/;

function effectOf(line: string): PaymentEffect | undefined {
  const fields = EFFECT.exec(line)?.groups;
  if (fields === undefined) return undefined;
  const { time = '', orderId = '', step, key = '', by = '' } = fields;
  const { who = by, attempt } = ATTEMPT.exec(by)?.groups ?? {};
  return {
    key: `${orderId}/${step}`,
    by: who,
    ...(attempt !== undefined && { attempt: Number(attempt) }),
    at: Date.parse(time),
    orderId,
    step: step as PaymentStep,
    ...(key !== '-' && { idempotencyKey: key }),
  };
}
