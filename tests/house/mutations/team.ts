import { inFile, type Mutant } from './mutant.ts';

const tenants = { chapter: 'tests/rooms/fees/tenants.test.ts' };
const limits = { chapter: 'tests/rooms/fees/rate-limit.test.ts' };
const chapter15 = { chapter: 'tests/chapters/15-seen-in-production.test.ts' };

/** What a team runs: several tenants, limits, and somebody who looks at it. */
export const TEAM_MUTANTS: readonly Mutant[] = [
  {
    name: 'a fee is taken without the tenant in the account',
    edits: [
      inFile(
        'src/systems/fees/take-fee.ts',
        'const account = scoped(tenant, accountId);',
        'const account = accountId;',
      ),
    ],
    ...tenants,
  },
  {
    name: 'the tenant is not in the workflow ID',
    edits: [
      inFile(
        'src/systems/fees/client.ts',
        'workflowId: feeWorkflowId(fee.orderId, fee.tenant),',
        'workflowId: feeWorkflowId(fee.orderId),',
      ),
    ],
    ...tenants,
  },
  {
    name: 'the limit stands in front of the key',
    edits: [inFile('src/systems/fees/idempotent.ts', 'once, limit,', 'limit, once,')],
    ...limits,
  },
  {
    name: 'the limit is asked for orders that are known',
    edits: [inFile('src/http/admission.ts', 'known ? undefined : passing(', 'passing(')],
    ...limits,
  },
  {
    name: 'a refusal for too many new keys burns the key',
    edits: [inFile('src/http/rate-limit.ts', `noteEnding(request, 'not attempted');`, '')],
    chapter: 'tests/rooms/http/rate-limit.test.ts',
  },
  {
    name: 'nobody tells what came of a key',
    edits: [
      inFile(
        'src/systems/fees/activities.ts',
        `    { onOutcome: reportKey({ step: 'deduct-fee', ...ownRun() }, onProgress) },\n`,
        '',
      ),
    ],
    ...chapter15,
  },
  {
    name: 'a trace carries all that the workflow knows',
    edits: [
      inFile(
        'src/telemetry/tracing.ts',
        'attributes: { value: only(ATTRIBUTES, span.attributes) },',
        '',
      ),
    ],
    ...chapter15,
  },
  {
    name: 'order and account are search attributes, whatever the codec',
    edits: [inFile('src/temporal/search-attributes.ts', 'isEncrypted ? [] : about', 'about')],
    chapter: 'tests/chapters/02-five-clients-one-run.test.ts',
    test: 'encrypted',
  },
  {
    name: 'the messages of failures are legible',
    edits: [
      inFile('src/temporal/encryption.ts', 'failureConverterPath: FAILURE_CONVERTER_PATH,', ''),
    ],
    chapter: 'tests/chapters/04-what-you-asked-for-and-what-you-got.test.ts',
  },
  {
    name: 'a worker starts on accounts that nobody shares',
    edits: [
      inFile('src/cli/worker.ts', "requireShared('press-twice worker', { store, config });", ''),
    ],
    chapter: 'tests/rooms/cli/worker.test.ts',
  },
  {
    name: 'a certificate that has expired is any other fault',
    edits: [inFile('src/temporal/diagnose.ts', 'expiredAt.getTime() < Date.now()', 'false')],
    chapter: 'tests/rooms/temporal/connect.test.ts',
  },
];
