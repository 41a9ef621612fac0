import type { Claim } from './claim.ts';

/** Of what is told, asked for or due more than once: webhooks, signals, updates, children, schedules. */
export const MESSAGE_CLAIMS = [
  {
    said: 'A webhook is delivered once.',
    source: 'common belief',
    verdict: 'false',
    why: 'Who hears no answer tells it again. The name of the delivery makes four of them one.',
    shownBy: {
      file: 'tests/chapters/22-the-supplier-who-was-asked-twice.test.ts',
      test: 'has one order where it reads the key, and its delivery, told four times, is credited once: 1 + 5',
    },
    mutant: 'the supplier gives a delivery another name each time that it tells of it',
  },
  {
    said: 'A signal is delivered once.',
    source: 'common belief',
    verdict: 'false',
    why: 'Two calls are two signals in the history. The workflow has to remember the ID of each message.',
    shownBy: {
      file: 'tests/chapters/28-signals-repeat.test.ts',
      test: 'has 2 notes and goes back to the old address where it does whatever it hears',
    },
    mutant: 'an update is applied as often as it is sent',
    remedy: 'has 1 note and goes to the new address where it remembers what it was told: 201 times',
  },
  {
    said: 'The server deduplicates updates by their ID.',
    source: 'https://github.com/temporalio/documentation/pull/4144',
    verdict: 'true if the run has not continued as new since',
    why: 'The next run knows nothing of the update IDs of the one before it, unless the workflow takes them along.',
    shownBy: {
      file: 'tests/chapters/28-signals-repeat.test.ts',
      test: 'has 1 note and goes to the new address where it remembers what it was told: 201 times',
    },
    mutant: 'updates are forgotten when the run continues as new',
  },
  {
    said: 'A child workflow that has an ID of its own runs once, whoever asks for it.',
    source: 'an early draft of this project',
    verdict: 'true if its parent joins the one that is there',
    why: 'Children have no conflict policy: the second parent gets an error, and has to wait for the child by its ID.',
    shownBy: {
      file: 'tests/chapters/29-one-child-two-parents.test.ts',
      test: 'is the one that is there, while the first parent waits for it: 9.00',
    },
    mutant: 'a second parent does not join the payment that is there',
  },
  {
    said: 'A schedule runs once for each of its times.',
    source: 'common belief',
    verdict: 'true if a time that was done is joined, and not started again',
    why: 'Temporal gives each time a workflow ID of its own, and a backfill uses it again once that run has closed (chapter 36). Where the flow of the day refuses duplicates, the second one joins it.',
    shownBy: {
      file: 'tests/rooms/flows/schedule.test.ts',
      test: 'runs once for each day that is filled in, and a day that was done is not run again',
    },
    mutant: 'each run of a schedule is a day of its own',
  },
] as const satisfies readonly Claim[];
