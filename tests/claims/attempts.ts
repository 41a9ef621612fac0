import type { Claim } from './claim.ts';

/** Of activities, attempts, runs that are made to run again, and what one run proves. */
export const ATTEMPT_CLAIMS = [
  {
    said: 'One run ID for all clients proves that the effect happened once.',
    quote: "This shared RunID is proof that Temporal's idempotency is working correctly",
    source: 'an early draft of this project',
    verdict: 'false',
    why: 'A run is one, and its activity may be tried twice. Run ID, history and answers look the same when two fees are gone.',
    shownBy: {
      file: 'tests/chapters/38-what-people-say.test.ts',
      test: 'have paid twice without a key: the first report was lost',
    },
    mutant: 'the key is left out, and one run ID for all clients is there',
    remedy: 'have paid once with a key: the first report was lost',
  },
  {
    said: 'If all clients get the same answer, the effect happened once.',
    source: 'an early draft of this project',
    verdict: 'false',
    why: 'All of them are told what the last attempt has told. Only the ledger counts effects.',
    shownBy: {
      file: 'tests/chapters/38-what-people-say.test.ts',
      test: 'have paid twice without a key: the first report was lost',
    },
    mutant: 'the key is left out, and one run ID for all clients is there',
    remedy: 'have paid once with a key: the first report was lost',
  },
  {
    said: 'With the right reuse policy an activity executes exactly once.',
    quote: 'activities within a workflow are guaranteed to execute exactly once',
    source: 'an early draft of this project',
    verdict: 'false',
    why: 'It is scheduled once and executes at least once. When the report of an attempt is lost, the next one does the work again.',
    shownBy: {
      file: 'tests/chapters/05-lost-acknowledgement.test.ts',
      test: 'takes it again when its report is lost: one run, one scheduled activity, two deductions',
    },
    mutant: 'the key is left out: the effect happens whenever it is asked for',
    remedy: 'finds its key when its report is lost: two attempts, one deduction, the first receipt',
  },
  {
    said: 'With Temporal the application needs no idempotency of its own.',
    quote: 'This removes the need for application-level idempotency checks',
    source: 'an early draft of this project',
    verdict: 'false',
    why: 'What happens once is the decision. The effect is the application’s, and so is the key beside it.',
    shownBy: {
      file: 'tests/chapters/13-every-crash-there-is.test.ts',
      test: 'has 4 that take it twice where it has no key',
    },
    mutant: 'the attempt is in the key: the explorer sees it',
    remedy:
      'leaves one fee for an order, none for lack of funds, and one for each order of a batch',
  },
  {
    said: 'The rules of idempotency are for the developer to keep.',
    quote: 'All this rules have to be managed by the developer.',
    source: 'https://github.com/PierreSylvain/idempotence',
    verdict: 'true',
    why: 'Temporal cannot know what an effect was. Kept in one transaction with it, a key is all that it takes.',
    shownBy: {
      file: 'tests/chapters/13-every-crash-there-is.test.ts',
      test: 'leaves one fee for an order, none for lack of funds, and one for each order of a batch',
    },
    mutant: 'the attempt is in the key: the explorer sees it',
  },
  {
    said: 'Activities should be idempotent, because they are retried.',
    source: 'https://docs.temporal.io/activity-definition#idempotency',
    verdict: 'true',
    why: 'A second attempt that finds the key of the first one gives its receipt, and takes nothing.',
    shownBy: {
      file: 'tests/chapters/05-lost-acknowledgement.test.ts',
      test: 'finds its key when its report is lost: two attempts, one deduction, the first receipt',
    },
    mutant: 'the key is left out: the effect happens whenever it is asked for',
  },
  {
    said: 'With maximumAttempts: 1 an activity happens once.',
    source: 'common belief',
    verdict: 'false',
    why: 'It is tried once. When the report is lost, the fee was taken and the caller is told that it failed.',
    shownBy: {
      file: 'tests/chapters/09-at-most-once-is-not-once.test.ts',
      test: 'is taken, and the caller is told that it failed, when there is one attempt',
    },
    mutant: 'the key is left out, and there is one attempt',
    remedy: 'is taken once, and the caller is told so late, when there is one attempt and a key',
  },
  {
    said: 'An attempt that has timed out is over.',
    source: 'common belief',
    verdict: 'false',
    why: 'The server has given it up, and nobody has stopped it. Its effect can land after the workflow has answered.',
    shownBy: {
      file: 'tests/chapters/08-the-zombie-attempt.test.ts',
      test: 'takes the fee again without a key, when its run has been answered',
    },
    mutant: 'a fence stands where a key should',
    remedy:
      'is made once with a key and a fence, wherever the first attempt froze, and with nothing less',
  },
  {
    said: 'With heartbeat details a long activity does each of its parts exactly once.',
    source: 'common belief',
    verdict: 'false',
    why: 'Between a part and its heartbeat is a gap: a process that dies there repeats the part, or skips it if it told first.',
    shownBy: {
      file: 'tests/chapters/11-resumed-not-restarted.test.ts',
      test: 'pays right and goes on where it stopped with a position and keys, and with nothing less',
    },
    mutant: 'a batch that loses its worker begins again: its position is not read',
  },
  {
    said: 'A run that was terminated does nothing any more, and can be started afresh.',
    source: 'common belief',
    verdict: 'true if its effects have keys',
    why: 'To terminate a run does not reach its activity, which finishes. The next run finds its key, or does it again.',
    shownBy: {
      file: 'tests/chapters/10-other-ways-to-run-twice.test.ts',
      test: 'takes the fee once with the key <workflow ID>/deduct-fee',
    },
    mutant: 'the attempt is in the key',
  },
  {
    said: 'A reset undoes what came after its event.',
    source: 'common belief',
    verdict: 'false',
    why: 'It forgets what came after, and the world does not. The activity is asked again, and takes the fee again.',
    shownBy: {
      file: 'tests/chapters/10-other-ways-to-run-twice.test.ts',
      test: 'takes the fee twice without a key',
    },
    mutant: 'the attempt is in the key',
    remedy: 'takes the fee once with the key <workflow ID>/deduct-fee',
  },
  {
    said: 'A worker that crashes is replaced by another one, which goes on where it stopped.',
    quote: 'Execution continues seamlessly from where it left off',
    source: 'an early draft of this project',
    verdict: 'true if each step has a key',
    why: 'The steps before are not tried again. The one in which the worker died is, and may have had its effect.',
    shownBy: {
      file: 'tests/chapters/33-killed-in-every-step.test.ts',
      test: 'leaves one effect of each step where it has a key, and two where it has none and the report was lost',
    },
    mutant: "a flow's key has the attempt in it",
  },
] as const satisfies readonly Claim[];
