import { inject } from 'vitest';
import type { Database } from '#database';
import {
  createTestDatabase,
  createTestSchema,
  type TestDatabase,
  type TestDatabaseServer,
} from './test-database.ts';
import { it as base } from './vitest.ts';

interface OfTheTest {
  readonly testDatabase: TestDatabase;
  /** A migrated schema of the test's own, in the database of its file, on the PostgreSQL of the test run. */
  readonly database: Database;
  /** The same, for the processes of the test. */
  readonly databaseUrl: string;
}

interface OfTheFile {
  readonly fileDatabase: TestDatabase;
}

/** `it` with a database as well. A `globalSetup` has to provide `testDatabases` (see `TestDatabaseServer`). */
export const it = base.extend<{ $test: OfTheTest; $file: OfTheFile }>({
  fileDatabase: [
    async ({}, use) => {
      await using database = await createTestDatabase({
        ...inject('testDatabases'),
        migrations: [],
      });
      await use(database);
    },
    { scope: 'file' },
  ],
  testDatabase: async ({ fileDatabase }, use) => {
    const { migrations } = inject('testDatabases');
    await using schema = await createTestSchema(fileDatabase, migrations);
    await use(schema);
  },
  database: async ({ testDatabase }, use) => use(testDatabase.database),
  databaseUrl: async ({ testDatabase }, use) => use(testDatabase.url),
});

declare module 'vitest' {
  interface ProvidedContext {
    testDatabases: TestDatabaseServer;
  }
}
