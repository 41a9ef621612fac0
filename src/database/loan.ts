import type { Sql } from 'postgres';
import type { Transaction } from './database.ts';
import type { Session } from './session.ts';

/** A session in the hands of one piece of work. */
export interface Loan {
  readonly sql: Transaction;
  /** Gives it back: from here on no statement of that work is sent. */
  end(): void;
}

/** The session's template, with savepoints, until the loan ends. Whose turn is next has the session to itself. */
export function lend(session: Session): Loan {
  const { sql } = session;
  let isOver = false;
  let savepoints = 0;
  const guarded = <S extends object>(statement: S): S => {
    const { handler: send } = statement as Partial<Sendable>;
    if (send === undefined) return statement;
    return Object.assign(statement, {
      handler(query: Sendable) {
        if (isOver) query.reject(new Error(OVER));
        else send(query);
      },
    });
  };
  const template = (strings: TemplateStringsArray, ...values: never[]) =>
    guarded(sql(strings, ...values));
  const own = {
    unsafe: (...statement: Parameters<Sql['unsafe']>) => guarded(sql.unsafe(...statement)),
    async savepoint<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
      const name = `s${++savepoints}`;
      await own.unsafe(`savepoint ${name}`);
      try {
        return await work(lent);
      } catch (error) {
        if (!session.isLost) await own.unsafe(`rollback to ${name}`);
        throw error;
      }
    },
  };
  const lent = Object.assign(template, sql, own) as unknown as Transaction;
  return { sql: lent, end: () => void (isOver = true) };
}

const OVER = 'This transaction is over: await each statement inside its work';

/**
 * A statement of the driver, which sends it when somebody awaits it and not when it is written (postgres 3.4.9,
 * `query.js`). After the end of its work it would stand alone, or be part of somebody else's transaction.
 */
interface Sendable {
  handler(query: Sendable): void;
  reject(error: Error): void;
}
