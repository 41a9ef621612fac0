import type { Claim } from './claim.ts';

/** Of workflow IDs, policies, and what a client is told. */
export const START_CLAIMS = [
  {
    said: 'Under REJECT_DUPLICATE all clients that start one ID get a handle with the same run ID.',
    quote: 'they all receive workflow handles with the same RunID',
    source: 'an early draft of this project',
    verdict: 'true if the SDK turns the refusal into a handle, as that of Go does',
    why: 'That of TypeScript does not: one gets a handle, and four an error without a run ID. What joins an open run in every SDK is the conflict policy USE_EXISTING.',
    shownBy: {
      file: 'tests/chapters/38-what-people-say.test.ts',
      test: 'are one with a handle and four with an error that names no run; the ID leads all of them to one answer',
    },
  },
  {
    said: 'Whoever is told that the workflow was already started gets the result by the workflow ID.',
    source: 'an early draft of this project',
    verdict: 'true',
    why: 'The error has the ID and not the run, and the handle of the ID leads to the latest run.',
    shownBy: {
      file: 'tests/chapters/03-after-the-run-has-closed.test.ts',
      test: 'is paid once under REJECT_DUPLICATE, and the error is caught for the first answer',
    },
  },
  {
    said: 'At most one workflow runs under an ID at a time.',
    source: 'https://docs.temporal.io/workflow-execution/workflowid-runid',
    verdict: 'true if all clients name it alike, in one namespace',
    why: 'Five clients of one ID get one run. In another namespace the same ID is another workflow (chapter 14).',
    shownBy: {
      file: 'tests/chapters/02-five-clients-one-run.test.ts',
      test: 'pay once through a workflow that is named after the order: its payloads are $payloads',
    },
    mutant: 'an open run is not joined: conflict policy FAIL',
  },
  {
    said: 'The ID made from the order is what makes starts idempotent.',
    source: 'an early draft of this project',
    verdict: 'true if it is made from the order alone',
    why: 'With a random name each client has a run of its own, under the strictest policies too.',
    shownBy: {
      file: 'tests/chapters/02-five-clients-one-run.test.ts',
      test: 'pay five times through workflows with random names, whatever the policies say',
    },
    mutant: 'every client makes a workflow ID of its own',
    remedy: 'pay once through a workflow that is named after the order: its payloads are $payloads',
  },
  {
    said: 'A random workflow ID will do: the server makes sure that nothing runs twice.',
    quote: '"order-" + uuid.New().String()',
    source: 'an early draft of this project',
    verdict: 'false',
    why: 'The client that asks again names another workflow. Two presses are two runs and two effects.',
    shownBy: {
      file: 'tests/chapters/34-the-same-flow-again.test.ts',
      test: 'is another flow each time: two presses, two runs, two messages',
    },
  },
  {
    said: 'A workflow ID cannot be used again, unless somebody allows it.',
    source: 'common belief',
    verdict: 'false',
    why: 'Once the run has closed, the default reuse policy lets the next start through: ALLOW_DUPLICATE.',
    shownBy: {
      file: 'tests/chapters/38-what-people-say.test.ts',
      test: 'is paid again: where nobody has chosen, a closed run may be started again',
    },
  },
  {
    said: 'Duplicate requests with one workflow ID get one result.',
    source: 'an early draft of this project',
    verdict: 'true if closed runs are refused, and the refusal is caught for the first answer',
    why: 'REJECT_DUPLICATE throws. It is the client that turns the error into the answer.',
    shownBy: {
      file: 'tests/chapters/03-after-the-run-has-closed.test.ts',
      test: 'is paid once through startOrJoin, which says that the answer is a replay',
    },
    mutant: 'a closed run may be started again: reuse policy ALLOW_DUPLICATE',
  },
  {
    said: 'Look into the list first whether the order has a run, and then start it.',
    source: 'common belief',
    verdict: 'false',
    why: 'Two look, both see none, and both start. What was seen is out of date a moment later.',
    shownBy: {
      file: 'tests/chapters/03-after-the-run-has-closed.test.ts',
      test: 'is paid again by a client that looked into the list first, and then started',
    },
    mutant: 'a closed run may be started again: reuse policy ALLOW_DUPLICATE',
    remedy: 'is paid once through startOrJoin, which says that the answer is a replay',
  },
  {
    said: 'ALLOW_DUPLICATE_FAILED_ONLY is safe: in a run that failed nothing happened.',
    source: 'common belief',
    verdict: 'true if its effects have keys',
    why: 'A run can fail after its effect. The second run then has to find the key of the first.',
    mutant: 'the key is left out, and there is one attempt',
    shownBy: {
      file: 'tests/chapters/09-at-most-once-is-not-once.test.ts',
      test: 'is taken once, and the caller is told so late, when there is one attempt and a key',
    },
  },
  {
    said: 'Temporal notices when an ID is used again for something else.',
    source: 'common belief',
    verdict: 'false',
    why: 'USE_EXISTING hands out the old run for another amount and even for another workflow type. A fingerprint in the memo notices.',
    shownBy: {
      file: 'tests/chapters/04-what-you-asked-for-and-what-you-got.test.ts',
      test: 'gives the old run and the old answer, when Temporal alone is asked',
    },
    mutant: 'the fingerprint of the input is not compared',
    remedy: 'is refused by startOrJoin: $called',
  },
  {
    said: 'REJECT_DUPLICATE refuses a used ID for ever.',
    source: 'common belief',
    verdict: 'false',
    why: 'No policy outlives the retention of the run. After it, or elsewhere, the same ID starts without a word.',
    shownBy: {
      file: 'tests/chapters/14-the-order-that-comes-back.test.ts',
      test: 'is paid again without a key: REJECT_DUPLICATE starts a second run without a word',
    },
    mutant: 'the run ID is in the key',
    remedy:
      'is paid once with a key: the second run gives the first answer, its timestamp included',
  },
] as const satisfies readonly Claim[];
