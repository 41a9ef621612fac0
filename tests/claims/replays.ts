import type { Claim } from './claim.ts';

/** Of what is executed again although nobody has asked for it, and of what is not. */
export const REPLAY_CLAIMS = [
  {
    said: 'A workflow is executed exactly once, unless it fails and is retried.',
    source: 'https://community.temporal.io/t/execution-guarantees-of-activities/3405',
    verdict: 'true if its decisions are meant, not its code',
    why: 'The code begins anew at each replay. What it has decided is in the history, and is not decided again.',
    shownBy: {
      file: 'tests/chapters/10-other-ways-to-run-twice.test.ts',
      test: 'is not taken again by a replay: the code begins 3 times, the activity once',
    },
  },
  {
    said: 'A replay executes the activities again.',
    source: 'common belief',
    verdict: 'false',
    why: 'A replay reads their results from the history. An activity whose result is there is not asked again.',
    shownBy: {
      file: 'tests/chapters/10-other-ways-to-run-twice.test.ts',
      test: 'is not taken again by a replay: the code begins 3 times, the activity once',
    },
  },
  {
    said: 'An activity that is executed again in a test is a false failure, which a real server avoids.',
    quote: 'Real server tests avoid false failures related to activity re-execution',
    source: 'an early draft of this project',
    verdict: 'false',
    why: 'It is what a real server does when a report is lost: one run, one scheduled activity, two attempts. The failure is true.',
    shownBy: {
      file: 'tests/chapters/05-lost-acknowledgement.test.ts',
      test: 'takes it again when its report is lost: one run, one scheduled activity, two deductions',
    },
    mutant: 'the key is left out: the effect happens whenever it is asked for',
    remedy: 'finds its key when its report is lost: two attempts, one deduction, the first receipt',
  },
  {
    said: 'When the Temporal server dies, what was under way is done again.',
    source: 'common belief',
    verdict: 'false',
    why: 'Its database knows the attempt that works, and the result that was reported: three servers, one after the other, and one attempt. One that keeps all in memory forgets it, and one that is away until the attempt has timed out gives the work out again.',
    shownBy: {
      file: 'tests/chapters/10-other-ways-to-run-twice.test.ts',
      test: 'is not taken again by a server that is killed, and killed again',
    },
  },
] as const satisfies readonly Claim[];
