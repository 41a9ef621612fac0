import { inFile, type Mutant } from './mutant.ts';

const ACTIVITIES = 'src/systems/fees/activities.ts';
const chapter5 = { chapter: 'tests/chapters/05-lost-acknowledgement.test.ts' };
const chapter6 = { chapter: 'tests/chapters/06-which-key-survives-what.test.ts' };
const chapter7 = { chapter: 'tests/chapters/07-one-write-or-two.test.ts' };
const chapter8 = { chapter: 'tests/chapters/08-the-zombie-attempt.test.ts' };
const chapter10 = { chapter: 'tests/chapters/10-other-ways-to-run-twice.test.ts' };
const chapter11 = { chapter: 'tests/chapters/11-resumed-not-restarted.test.ts' };
const chapter12 = { chapter: 'tests/chapters/12-the-key-over-http.test.ts' };
const chapter14 = { chapter: 'tests/chapters/14-the-order-that-comes-back.test.ts' };
const PERFORM_ONCE = 'src/idempotency/perform-once.ts';
const ASKING = `const asking = store.once(key, fingerprint, effect, refusals && { refusals });
  const once = await reportOutcome(asking, onOutcome);`;

/** No key is looked for, and none is written: several chapters have to notice, each from where it stands. */
export const KEY_LEFT_OUT = inFile(
  PERFORM_ONCE,
  ASKING,
  `const once = { outcome: 'first', value: await effect({ key, token: 0, transaction: undefined }) };`,
);

/** Layer 2 and beyond, one run, one effect: keys, where they are written, and what they compare. */
export const KEY_MUTANTS: readonly Mutant[] = [
  {
    name: 'the key is left out: the effect happens whenever it is asked for',
    edits: [KEY_LEFT_OUT],
    ...chapter5,
    test: 'finds its key when its report is lost',
  },
  {
    name: 'a lost answer to COMMIT is told as "nothing was done"',
    edits: [
      inFile(
        'src/database/transaction.ts',
        `if (loss === 'maybe sent') throw new OutcomeUnknownError({ cause: error });`,
        `if (loss === 'maybe sent') throw lostBeforeCommit(error);`,
      ),
    ],
    chapter: 'tests/rooms/fees/postgres-http.test.ts',
    test: 'do not know what became of a fee',
  },
  {
    name: 'the run ID is in the key',
    edits: [
      inFile(
        ACTIVITIES,
        'deductFeeKey(ownRun().workflowId)',
        'deductFeeKey(`${ownRun().workflowId}-${ownRun().runId}`)',
      ),
    ],
    ...chapter14,
  },
  {
    name: 'the attempt is in the key',
    edits: [
      inFile(
        ACTIVITIES,
        'deductFeeKey(ownRun().workflowId)',
        'deductFeeKey(`${ownRun().workflowId}-${ownRun().attempt}`)',
      ),
    ],
    ...chapter10,
  },
  {
    name: 'the step is not in the key: two steps of one workflow share it',
    edits: [
      inFile('src/idempotency/key.ts', 'return `${workflowId}/${step}`;', 'return workflowId;'),
    ],
    ...chapter6,
  },
  {
    name: 'the key is written after the effect',
    edits: [
      inFile(
        PERFORM_ONCE,
        ASKING,
        `const value = await effect({ key, token: 0, transaction: undefined });
         const once = await reportOutcome(store.once(key, fingerprint, async () => value), onOutcome);`,
      ),
    ],
    ...chapter5,
    test: 'finds its key when its report is lost',
  },
  {
    name: 'the effect is not in the transaction of its key',
    edits: [
      inFile(
        'src/idempotency/postgres-first.ts',
        'effect({ key, token, transaction });',
        'effect({ key, token, transaction: undefined });',
      ),
    ],
    ...chapter7,
    test: 'where both are one transaction',
  },
  {
    name: 'the key is released on every throw',
    edits: [
      inFile(
        'src/idempotency/ending.ts',
        'const known = error instanceof Refused || error instanceof NotAttempted;',
        'const known = true;',
      ),
    ],
    ...chapter7,
    test: 'where the key is held until somebody has looked',
  },
  {
    name: 'a fence stands where a key should',
    edits: [
      inFile(
        'fixtures/workers/guarded-fees.ts',
        `if (guard === 'fence by token')`,
        `if (guard !== 'key')`,
      ),
    ],
    ...chapter8,
    test: 'is made once with a key and a fence',
  },
  {
    name: 'the fingerprint under a key is not compared',
    edits: [inFile('src/idempotency/rules.ts', 'kept.fingerprint !== fingerprint', 'false')],
    ...chapter12,
  },
  {
    name: 'a batch that loses its worker begins again: its position is not read',
    edits: [
      inFile(
        'src/systems/fees/batch-activities.ts',
        'return position ?? { next: 0, refused: [] };',
        'return { next: 0, refused: [] };',
      ),
    ],
    ...chapter11,
    test: 'goes on where it stopped',
  },
  {
    name: 'a batch takes its fees without their keys',
    edits: [
      inFile(
        'src/systems/fees/batch-activities.ts',
        'deductFeeKey(feeWorkflowId(orderId, tenant));',
        'deductFeeKey(feeWorkflowId(`${orderId}-${Math.random()}`, tenant));',
      ),
    ],
    ...chapter11,
    test: 'finds the fees that were paid one by one',
  },
];
