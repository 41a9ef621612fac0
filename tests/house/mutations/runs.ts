import { inFile, type Mutant } from './mutant.ts';

const START_OR_JOIN = 'src/temporal/start-or-join.ts';
const SAME_INTENT = 'src/temporal/same-intent.ts';
const ACTIVITIES = 'src/systems/fees/activities.ts';
const ACCOUNTS = 'src/systems/fees/memory-accounts.ts';
const chapter1 = { chapter: 'tests/chapters/01-one-lost-answer-two-fees.test.ts' };
const chapter2 = {
  chapter: 'tests/chapters/02-five-clients-one-run.test.ts',
  test: 'pay once through a workflow that is named after the order',
};
const chapter3 = {
  chapter: 'tests/chapters/03-after-the-run-has-closed.test.ts',
  test: 'is paid once',
};
const chapter4 = {
  chapter: 'tests/chapters/04-what-you-asked-for-and-what-you-got.test.ts',
  test: 'is refused by startOrJoin',
};
const chapter5 = { chapter: 'tests/chapters/05-lost-acknowledgement.test.ts' };

/** Layer 1, one intent, one run; and the control that it is measured by. */
export const RUN_MUTANTS: readonly Mutant[] = [
  {
    name: 'a closed run may be started again: reuse policy ALLOW_DUPLICATE',
    edits: [inFile(START_OR_JOIN, `: 'REJECT_DUPLICATE',`, `: 'ALLOW_DUPLICATE',`)],
    ...chapter3,
  },
  {
    name: 'a person may not try a failed order again: retryFailed is not heard',
    edits: [inFile(START_OR_JOIN, `retryFailed ? 'ALLOW_DUPLICATE_FAILED_ONLY' : `, '')],
    ...chapter3,
  },
  {
    name: 'an open run is not joined: conflict policy FAIL',
    edits: [inFile(START_OR_JOIN, `Policy: 'USE_EXISTING'`, `Policy: 'FAIL'`)],
    ...chapter2,
  },
  {
    name: 'an open run is ended by the next start: conflict policy TERMINATE_EXISTING',
    edits: [
      inFile(START_OR_JOIN, `Policy: 'USE_EXISTING'`, `Policy: 'TERMINATE_EXISTING'`),
      inFile(START_OR_JOIN, `: 'REJECT_DUPLICATE',`, `: 'ALLOW_DUPLICATE',`),
    ],
    ...chapter2,
  },
  {
    name: 'four of five clients get an error instead of the result',
    edits: [
      inFile(
        'src/temporal/started-run.ts',
        '(withinMs?: number) => answerOf(',
        `async (withinMs?: number) => outcome === 'joined' ? Promise.reject(new Error('joined')) : answerOf(`,
      ),
    ],
    ...chapter2,
  },
  {
    name: 'clients come one after the other, and no barrier holds them',
    edits: [
      inFile(
        'src/testkit/concurrently.ts',
        'return await task(party);',
        `const mine = (globalThis.turn ?? Promise.resolve()).then(() => task(party));
         globalThis.turn = mine.catch(() => {});
         return await mine;`,
      ),
      inFile(
        'src/testkit/barrier.ts',
        'if (arrivals === parties && !broken)',
        'if (arrivals === 1)',
      ),
    ],
    chapter: chapter2.chapter,
    test: 'pay five times through the naive endpoint',
  },
  {
    name: 'every client makes a workflow ID of its own',
    edits: [
      inFile('src/systems/fees/ids.ts', 'FEE-WF-${orderId}', 'FEE-WF-${orderId}-${Math.random()}'),
    ],
    ...chapter2,
  },
  {
    name: 'the result says success: false',
    edits: [inFile('src/systems/fees/workflows.ts', 'success: true', 'success: false')],
    ...chapter2,
  },
  {
    name: 'the balance in the result is a stub',
    edits: [inFile(ACTIVITIES, 'new_balance: amountFromCents(balanceCents)', 'new_balance: 90')],
    ...chapter5,
  },
  {
    name: 'the balance in the store is a stub',
    edits: [
      inFile(ACCOUNTS, 'balanceCents: this.#find(accountId).balanceCents', 'balanceCents: 80_00'),
    ],
    ...chapter1,
  },
  {
    name: 'no lock holds read, check and write together',
    edits: [inFile(ACCOUNTS, 'lock: pLimit(1)', 'lock: pLimit(1_000)')],
    ...chapter1,
  },
  {
    name: 'the activity charges twice',
    edits: [
      inFile(
        'src/systems/fees/naive-activities.ts',
        'return receiptOf(await',
        `await takeFee(accounts, feeFromInput(input), asker());
         return receiptOf(await`,
      ),
    ],
    ...chapter2,
  },
  {
    name: 'the fingerprint of the input is not compared',
    edits: [inFile(SAME_INTENT, 'recorded !== asked.fingerprint', 'false')],
    ...chapter4,
  },
  {
    name: 'the type of the workflow is not compared',
    edits: [inFile(SAME_INTENT, 'type !== asked.workflowType', 'false')],
    ...chapter4,
  },
];
