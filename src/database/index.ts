export type { Database, Queryable, Transaction } from './database.ts';
export {
  ChangedMigrationError,
  type Migration,
  migrate,
  UnknownMigrationError,
} from './migrate.ts';
export { type MigrationState, migrationState } from './migration-state.ts';
export { type DatabaseOptions, inSchema, openDatabase } from './open-database.ts';
export { AbortedTransactionError } from './transaction.ts';
export { isStorable, requireStorable, wholeNumber } from './values.ts';
