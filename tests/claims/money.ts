import type { Claim } from './claim.ts';

/** Of scripts, services that are somebody else's, and sagas. */
export const MONEY_CLAIMS = [
  {
    said: 'A script inside of a workflow runs exactly once, however many ask for it.',
    quote: 'Scripts are executed exactly once, even with concurrent requests',
    source: 'an early draft of this project',
    verdict: 'true if it never fails half-way',
    why: 'Five clients get one run and one payment. A script that fails in its second step is another matter (chapter 17).',
    shownBy: {
      file: 'tests/chapters/16-five-shells-one-payment.test.ts',
      test: 'pay once through a workflow that is named after the order',
    },
    mutant: 'every client of a script has an ID of its own',
  },
  {
    said: 'Temporal makes a script idempotent that is not.',
    quote: 'Temporal provides a powerful way to make non-idempotent operations idempotent',
    source: 'an early draft of this project',
    verdict: 'false',
    why: 'The retry that mends step 2 repeats step 1. The script needs a key a step, in the line that is the effect.',
    shownBy: {
      file: 'tests/chapters/17-a-script-with-two-steps.test.ts',
      test: 'collects twice where the whole script is one activity: the retry repeats step 1',
    },
    mutant: 'the script does not look into its journal',
    remedy: 'is made once, however its run is made to run again',
  },
  {
    said: 'If an order was sent to the supplier, a retry sends no other.',
    source: 'https://github.com/PierreSylvain/idempotence',
    verdict: 'true if the supplier is told a key, and reads it',
    why: 'When the supplier’s answer is lost, nobody on our side knows of the first order. The supplier does.',
    shownBy: {
      file: 'tests/chapters/22-the-supplier-who-was-asked-twice.test.ts',
      test: 'has two orders and sends both where it does not read the key: 1 + 2 × 5',
    },
    mutant: 'the supplier is not told the key',
    remedy:
      'has one order where it reads the key, and its delivery, told four times, is credited once: 1 + 5',
  },
  {
    said: 'Send a stable key along to a payment service, because a call can succeed unheard.',
    source: 'https://www.inngest.com/docs/durable-execution/guides-and-advanced/idempotency',
    verdict: 'true',
    why: 'Five acknowledgements are lost, and five attempts with one key are one charge.',
    shownBy: {
      file: 'tests/chapters/24-five-charges-no-refund.test.ts',
      test: 'costs its price once where the attempts have one key, and is fulfilled: the gateway %s',
    },
    mutant: 'the gateway is not told the key',
  },
  {
    said: 'An activity may draw the ID of what it makes: a transaction, an order.',
    quote: 'TransactionID: generateTransactionID()',
    source: 'an early draft of this project',
    verdict: 'false',
    why: 'Each attempt draws another one. To the gateway five attempts are five payments.',
    shownBy: {
      file: 'tests/chapters/24-five-charges-no-refund.test.ts',
      test: 'costs five times its price through the saga as it is often printed, which refunds nothing',
    },
    mutant: 'each attempt of a charge has a key of its own',
    remedy:
      'costs its price once where the attempts have one key, and is fulfilled: the gateway %s',
  },
  {
    said: 'A payment activity that has failed for good has charged nothing.',
    source: 'an early draft of this project',
    verdict: 'false',
    why: 'Five attempts without an answer tell nothing. Who takes that for a no keeps the money and ships nothing.',
    shownBy: {
      file: 'tests/chapters/27-unknown-is-not-declined.test.ts',
      test: 'are taken for a no by a saga that does not ask: the gateway has charged, and keeps the money',
    },
    mutant: 'unknown is declined',
    remedy: 'are a charge where the gateway, asked by the key, has one: the order is fulfilled',
  },
  {
    said: 'A saga makes its steps idempotent: what went wrong is compensated.',
    source: 'common belief',
    verdict: 'false',
    why: 'A compensation is an activity, and runs at least once. Without a key of its own the money goes back twice.',
    shownBy: {
      file: 'tests/chapters/25-undo-may-run-twice-too.test.ts',
      test: '%s goes out twice where each attempt names it anew: the shop has paid for tea that it did not sell',
    },
    mutant: 'each refund has a key of its own',
    remedy: '%s goes out once where its name is made of the order and the charge',
  },
  {
    said: 'A workflow that is cancelled undoes what it has done.',
    source: 'common belief',
    verdict: 'true if its compensations are shielded from the cancellation',
    why: 'Inside of what is cancelled they are cancelled as well, and the money is kept.',
    shownBy: {
      file: 'tests/chapters/26-cancelled-in-the-middle.test.ts',
      test: 'keeps the money of an order that it has not shipped',
    },
    mutant: 'an order that is cancelled is not shielded, and neither is its undoing',
    remedy: '%s is undone at every step, unless it has left the house',
  },
] as const satisfies readonly Claim[];
