import type { ISql, Sql } from 'postgres';

/** A PostgreSQL database behind a pool of connections. `openDatabase` makes one. */
export interface Database extends AsyncDisposable {
  /**
   * Statements that stand alone, one after the other, on a connection beside the pool: for scripts and tests.
   *
   * Trap: it knows no deadline. Where a request waits, use {@link read} or {@link transaction}.
   *
   * Trap: ask for it at each statement. After an outage it is another one, and this one is dead.
   */
  readonly sql: Sql;
  /**
   * Statements that stand alone, on one connection of the pool.
   *
   * @throws {StoreUnavailableError} the database is away, or all connections are busy
   * @throws what the work throws
   */
  read<T>(work: (sql: Queryable) => Promise<T>): Promise<T>;
  /**
   * Everything that the work writes, or nothing of it. Each statement sees what was committed before it began
   * (`READ COMMITTED`).
   *
   * @throws {StoreUnavailableError} the database is away or all connections are busy: nothing was done
   * @throws {OutcomeUnknownError} the answer to COMMIT did not arrive: all of it was done, or nothing
   * @throws {AbortedTransactionError} the work went on after a statement of it had failed: nothing was done
   * @throws what the work throws, after a rollback
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/** A `postgres` tagged template, wherever its statements go: alone, or in a transaction. */
export type Queryable = ISql;

/** An open transaction: a tagged template whose statements belong together. */
export interface Transaction extends Queryable {
  /**
   * A part that may fail alone: what it wrote is undone, what came before it stays.
   *
   * @throws what the work throws, after the part was undone
   */
  savepoint<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}
