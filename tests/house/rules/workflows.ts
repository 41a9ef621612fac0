import { posix } from 'node:path';
import { importsOf, isCode } from '../syntax.ts';
import type { Rule, SourceFile } from '../tree.ts';

/** Files that a workflow's bundle may hold: replayed, they come to the same again. */
const REPLAY_SAFE = [
  /^src\/systems\/[^/]+\/(workflows|orchestrator|batch|batch-entry|script-told|ids|errors|definition)\.ts$/,
  /^src\/systems\/orders\/(order|status|order-(handlers|messages|options|payment|run|state|steps|undo)|payment-workflow|naive-workflow|search-attributes)\.ts$/,
  /^src\/systems\/flows\/(flow|flow-(run|scheduled|steps)|search-attributes)\.ts$/,
  /^src\/systems\/flows\/nodes\/(names|node|options|waits|with-effect|[a-z_]+\/wait)\.ts$/,
  /^src\/(server|atlas)\/workflows\.ts$/,
  /^src\/database\/values\.ts$/,
  /^src\/idempotency\/key\.ts$/,
  /^src\/temporal\/(workflow|continued|intent|origin|place|search-attributes)\.ts$/,
  /^fixtures\/workflows\/[^/]+\.ts$/,
  /^src\/testkit\/workflow-faults\.ts$/,
];

const REPLAY_SAFE_NAMES = [
  '@temporalio/workflow',
  '@temporalio/common',
  '@temporalio/common/lib/time.js',
  '#database/values',
  '#idempotency/key',
  '#temporal/workflow',
];

export function isReplaySafe(path: string): boolean {
  return REPLAY_SAFE.some((pattern) => pattern.test(path));
}

export const workflowsRule: Rule = {
  claim: 'code that is replayed imports only code that can be replayed, and types',
  find: (files) =>
    files.filter(isCode).flatMap((file) => {
      if (!isReplayed(file.path, files)) return [];
      return importsOf(file)
        .filter(({ typeOnly }) => !typeOnly)
        .filter(({ from }) => !mayBeReplayed(file.path, from))
        .map(({ from, line }) => ({
          path: file.path,
          line,
          message: `imports ${from}, which is not replay-safe: import its types only, or act in an activity`,
        }));
    }),
  good: {
    'a workflow with its IDs and the types of its activities': {
      'src/systems/fees/workflows.ts': `import { proxyActivities } from '@temporalio/workflow';
        import type { FeeActivities } from './activities.ts';
        import { feeWorkflowId } from './ids.ts';
        import { keyOf } from '#idempotency/key';`,
      'src/systems/fees/ids.ts': 'export const feeWorkflowId = (id: string) => id;',
    },
    'errors that no workflow throws': {
      'src/systems/fees/workflows.ts': `import type { NoFunds } from './errors.ts';`,
      'src/systems/fees/errors.ts': `import { formatCents } from './money.ts';`,
    },
  },
  bad: {
    'errors that a workflow throws and that act': {
      tree: {
        'src/systems/fees/workflows.ts': `import { NoFunds } from './errors.ts';`,
        'src/systems/fees/errors.ts': `import { hostname } from 'node:os';`,
      },
      found: ['src/systems/fees/errors.ts:1'],
    },
    'a workflow that imports what acts': {
      tree: {
        'src/systems/fees/workflows.ts': `import type { A } from './activities.ts';
          import { createFeeActivities } from './activities.ts';`,
      },
      found: ['src/systems/fees/workflows.ts:2'],
    },
    'a workflow of an experiment that draws a number of its own': {
      tree: {
        'fixtures/workflows/workflows.ts': `import { uuid4 } from '@temporalio/workflow';
          import { v4 } from 'uuid';`,
      },
      found: ['fixtures/workflows/workflows.ts:2'],
    },
    'IDs that drag a digest into the bundle': {
      tree: {
        'src/systems/fees/ids.ts': `import { createHash } from 'node:crypto';`,
        'src/idempotency/key.ts': `export * from './fingerprint.ts';`,
      },
      found: ['src/systems/fees/ids.ts:1', 'src/idempotency/key.ts:1'],
    },
  },
};

/** The errors of a system are replayed only where its workflows throw them. */
function isReplayed(path: string, files: readonly SourceFile[]): boolean {
  if (!path.endsWith('/errors.ts')) return isReplaySafe(path);
  const workflows = files.find((file) => file.path === posix.join(path, '../workflows.ts'));
  return (
    workflows !== undefined &&
    importsOf(workflows).some(({ from, typeOnly }) => from === './errors.ts' && !typeOnly)
  );
}

function mayBeReplayed(importer: string, from: string): boolean {
  if (REPLAY_SAFE_NAMES.includes(from)) return true;
  return from.startsWith('.') && isReplaySafe(posix.join(posix.dirname(importer), from));
}
