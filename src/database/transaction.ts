import { OutcomeUnknownError, StoreUnavailableError } from '#idempotency/errors';
import type { Transaction } from './database.ts';
import { lend } from './loan.ts';
import { lossIn, type Session } from './session.ts';

/**
 * Runs the work on a session whose transaction has begun, and commits it, or rolls it back.
 *
 * The end of the work is waited for even where the session is lost meanwhile: whoever is told that nothing
 * was done must be able to rely on nothing being under way.
 *
 * @param commitWithinMs after that, the answer to COMMIT counts as lost
 */
export async function runTransaction<T>(
  session: Session,
  work: (transaction: Transaction) => Promise<T>,
  commitWithinMs: number,
): Promise<T> {
  const { sql: transaction, end } = lend(session);
  let value: T;
  try {
    value = await work(transaction);
  } catch (error) {
    end();
    await rollBack(session);
    // Another database that the work uses may be lost as well: that is another story.
    throw session.isLost && lossIn(error) ? lostBeforeCommit(error) : error;
  }
  end();
  await commit(session, commitWithinMs);
  return value;
}

/** A statement of the transaction failed and its error was swallowed; the server then commits nothing. */
export class AbortedTransactionError extends Error {
  override readonly name = 'AbortedTransactionError';

  constructor() {
    super(
      'Nothing was written: a statement failed and the work went on. Put what may fail into a savepoint',
    );
  }
}

/** The server rolls back what was not committed when its connection ends. */
function lostBeforeCommit(cause?: unknown): StoreUnavailableError {
  return new StoreUnavailableError('the connection was lost before COMMIT', { cause });
}

async function commit(session: Session, withinMs: number): Promise<void> {
  if (session.isLost) throw lostBeforeCommit();
  const timer = setTimeout(() => session.cut(), withinMs);
  try {
    const { command } = await session.sql.unsafe('commit');
    if (command !== 'COMMIT') throw new AbortedTransactionError();
  } catch (error) {
    const loss = lossIn(error);
    if (loss) session.cut();
    if (loss === 'not sent') throw lostBeforeCommit(error);
    if (loss === 'maybe sent') throw new OutcomeUnknownError({ cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** A session that cannot roll back is cut: the server then does it by itself. */
async function rollBack(session: Session): Promise<void> {
  const timer = setTimeout(() => session.cut(), ROLLBACK_WITHIN_MS);
  try {
    if (!session.isLost) await session.sql.unsafe('rollback');
  } catch {
    session.cut();
  } finally {
    clearTimeout(timer);
  }
}

const ROLLBACK_WITHIN_MS = 2_000;
