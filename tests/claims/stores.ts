import type { Claim } from './claim.ts';

/** Of locks, checks, and what a store or an operator can know. */
export const STORE_CLAIMS = [
  {
    said: 'A lock makes it idempotent.',
    source: 'an early draft of this project',
    verdict: 'false',
    why: 'It lets one request in after the other, and each of them pays: five of five.',
    shownBy: {
      file: 'tests/chapters/01-one-lost-answer-two-fees.test.ts',
      test: 'takes it five times of five behind a lock that lets one request in after the other',
    },
  },
  {
    said: 'A program without data races does not pay twice.',
    source: 'common belief',
    verdict: 'false',
    why: 'Two deductions that never mix are two deductions. Each client is told that all is well.',
    shownBy: {
      file: 'tests/chapters/01-one-lost-answer-two-fees.test.ts',
      test: 'takes it twice when two clients ask at once, and tells both that all is well',
    },
  },
  {
    said: 'No answer means that nothing happened.',
    source: 'common belief',
    verdict: 'false',
    why: 'The answer can be lost on its way back. Whoever asks again without a key pays again.',
    shownBy: {
      file: 'tests/chapters/01-one-lost-answer-two-fees.test.ts',
      test: 'takes it twice when the first answer is lost and the client asks again',
    },
  },
  {
    said: 'Five clients that are started together ask at the same time.',
    quote: 'Used a barrier pattern to ensure truly concurrent execution attempts',
    source: 'an early draft of this project',
    verdict: 'true if somebody looks whether their requests overlapped',
    why: 'A barrier lets them go together, and a fast server still answers one after the other. The recorder shows the overlap.',
    shownBy: {
      file: 'tests/chapters/02-five-clients-one-run.test.ts',
      test: 'pay five times through the naive endpoint',
    },
    mutant: 'clients come one after the other, and no barrier holds them',
  },
  {
    said: 'Check whether it exists, and write it if not.',
    source: 'common belief',
    verdict: 'true if the row is locked from the look to the write',
    why: 'Where all read before one of them writes, 50 orders of 30 sell 1,500 of 1,000, and 970 are said to be left.',
    shownBy: {
      file: 'tests/chapters/23-below-zero.test.ts',
      test: 'leave 970 when all of them read before one of them writes',
    },
    mutant: 'the stock is read without a lock',
    remedy: 'are 33 sales, 17 refusals that last, and one order to the supplier',
  },
  {
    said: 'Two workers can share a file, as long as each of them reads and writes it whole.',
    source: 'common belief',
    verdict: 'false',
    why: 'Both read before one of them writes, and one sale is lost.',
    shownBy: {
      file: 'tests/chapters/21-two-workers-one-file.test.ts',
      test: 'leave 990 of 1,000 where both workers read before one of them writes: one sale is lost',
    },
  },
  {
    said: 'Updating the stock again with the same order ID changes nothing.',
    source: 'https://github.com/PierreSylvain/idempotence',
    verdict: 'true if every order is remembered, and not the last one alone',
    why: 'One record with the last order’s ID lets the one before it through again: 970 instead of 980.',
    shownBy: {
      file: 'tests/chapters/20-remembering-only-the-last-order.test.ts',
      test: 'leave 970 where the stock remembers the last order alone, once Temporal has forgotten A12',
    },
    mutant: 'the run ID is in the key of a sale',
    remedy: 'leave 980 where each order is a movement, and A12 is told what it was told first',
  },
  {
    said: 'When a workflow or an activity is retried, the system remains unchanged.',
    quote:
      'when a workflow or an activity is retried by Temporal (…), the system remains unchanged',
    source: 'https://github.com/PierreSylvain/idempotence',
    verdict: 'true if a key is kept with the effect, and the first answer with the key',
    why: 'Without a key each retry is one more effect (chapter 5). A guard that turns the retry of its own order away leaves the stock unchanged, and tells of a sale that it failed.',
    shownBy: {
      file: 'tests/chapters/20-remembering-only-the-last-order.test.ts',
      test: 'is told that it failed where the stock remembers the last order alone, although it was sold',
    },
    mutant: 'the run ID is in the key of a sale',
    remedy: 'leave 980 where each order is a movement, and A12 is told what it was told first',
  },
  {
    said: 'A fencing token keeps a late writer from paying twice.',
    source: 'common belief',
    verdict: 'true if there is a key besides',
    why: 'It keeps out who comes late. Who paid before it froze has paid, and the next one pays again.',
    shownBy: {
      file: 'tests/chapters/08-the-zombie-attempt.test.ts',
      test: 'is made once with a key and a fence, wherever the first attempt froze, and with nothing less',
    },
    mutant: 'a fence stands where a key should',
  },
  {
    said: 'A COMMIT that fails has written nothing.',
    source: 'common belief',
    verdict: 'true if the database itself has said no',
    why: 'A connection can end between COMMIT and its answer. The outcome is unknown, and asking again by the key tells.',
    shownBy: {
      file: 'tests/rooms/fees/postgres-http.test.ts',
      test: 'do not know what became of a fee whose COMMIT was not confirmed; asking again tells, and takes nothing',
    },
    mutant: 'a lost answer to COMMIT is told as "nothing was done"',
  },
  {
    said: 'Metrics and traces would show that somebody was charged twice.',
    source: 'common belief',
    verdict: 'true if they tell what came of each key',
    why: 'One activity that failed once and was tried twice looks the same, whether it took one fee or two.',
    shownBy: {
      file: 'tests/chapters/15-seen-in-production.test.ts',
      test: 'looks like the other in the metrics of the SDK and in the shape of its trace',
    },
    mutant: 'nobody tells what came of a key',
    remedy:
      'is, in the metrics, one start and two tries of one key: attempt 1 first, attempt 2 replay',
  },
  {
    said: 'A stored key protects for ever.',
    source: 'common belief',
    verdict: 'false',
    why: 'It protects for as long as it is kept, here thirty days. So it has to be kept for longer than clients try again.',
    mutant: 'a key is kept for ever, whatever was said of its days',
    shownBy: {
      file: 'tests/chapters/14-the-order-that-comes-back.test.ts',
      test: 'is paid again: the promise lasts as long as the key, here thirty days',
    },
  },
] as const satisfies readonly Claim[];
