import type { Claim } from './claim.ts';

/** Of keys: what they are made of, where they are kept, and what they are compared with. */
export const KEY_CLAIMS = [
  {
    said: 'The run ID is a good key.',
    source: 'common belief',
    verdict: 'false',
    why: 'A retry of the workflow, a reset, continue-as-new and a new start each have another run ID: two effects.',
    shownBy: {
      file: 'tests/chapters/06-which-key-survives-what.test.ts',
      test: 'gives one effect to each intent if it is <workflow ID>/<step>: 7 of 7 columns, and no other key has more than 6',
    },
    mutant: 'the step is not in the key: two steps of one workflow share it',
  },
  {
    said: 'Run ID and activity ID together are a key.',
    quote: 'guaranteed to be consistent across retry attempts',
    source: 'https://docs.temporal.io/activity-definition#idempotency',
    verdict: 'true if nothing but the activity is ever tried again',
    why: 'Of the five events that repeat an activity they survive the first. The name of the intent survives all.',
    shownBy: {
      file: 'tests/chapters/06-which-key-survives-what.test.ts',
      test: 'gives one effect to each intent if it is <workflow ID>/<step>: 7 of 7 columns, and no other key has more than 6',
    },
    mutant: 'the step is not in the key: two steps of one workflow share it',
  },
  {
    said: 'The activity ID is a key: each activity of a workflow has its own.',
    source: 'common belief',
    verdict: 'false',
    why: 'The first activity of every workflow is called "1". The second order gets the receipt of the first, and its fee is never taken.',
    shownBy: {
      file: 'tests/chapters/06-which-key-survives-what.test.ts',
      test: 'gives the second one the receipt of the first where fingerprints are not compared, and its fee is never taken',
    },
    mutant: 'the step is not in the key: two steps of one workflow share it',
    remedy:
      'gives one effect to each intent if it is <workflow ID>/<step>: 7 of 7 columns, and no other key has more than 6',
  },
  {
    said: 'A deterministic workflow is an idempotent one: the same input, the same output.',
    source: 'common belief',
    verdict: 'false',
    why: 'Determinism makes a replay agree with its history, and says nothing of the world. uuid4() of the workflow survives a replay and no new run.',
    shownBy: {
      file: 'tests/chapters/06-which-key-survives-what.test.ts',
      test: 'gives one effect to each intent if it is <workflow ID>/<step>: 7 of 7 columns, and no other key has more than 6',
    },
    mutant: 'the step is not in the key: two steps of one workflow share it',
  },
  {
    said: 'Key and effect belong into one transaction.',
    source: 'https://how2.sh/posts/how-to-prevent-duplicate-orders-with-api-idempotency-keys',
    verdict: 'true',
    why: 'A process that dies between two writes has paid twice or never. Where there is one write there is no between.',
    shownBy: {
      file: 'tests/chapters/07-one-write-or-two.test.ts',
      test: 'has paid nothing, where both are one transaction, and asking again pays once',
    },
    mutant: 'the effect is not in the transaction of its key',
  },
  {
    said: 'SET NX in a cache guarantees exactly-once: whoever sets the key does the work.',
    source:
      'https://www.distributedrequest.com/backend-implementation-storage-patterns/redis-cache-based-deduplication/using-redis-setnx-for-distributed-request-deduplication/',
    verdict: 'false',
    why: 'It is a key that comes first. A process that dies between key and effect has never paid, and the client is told that it has.',
    shownBy: {
      file: 'tests/chapters/07-one-write-or-two.test.ts',
      test: 'has never paid, where the key comes first, and the client is told that it has',
    },
    mutant: 'the effect is not in the transaction of its key',
    remedy: 'has paid nothing, where both are one transaction, and asking again pays once',
  },
  {
    said: 'A key is released when the work under it throws.',
    source: 'common belief',
    verdict: 'true if it is certain that nothing happened',
    why: 'A call can throw after its effect. Then the key is held until somebody has looked.',
    shownBy: {
      file: 'tests/chapters/07-one-write-or-two.test.ts',
      test: 'has paid once, where the key is held until somebody has looked',
    },
    mutant: 'the key is released on every throw',
  },
  {
    said: 'An outbox delivers each message exactly once.',
    source: 'common belief',
    verdict: 'true if the target knows keys',
    why: 'It delivers at least once: whoever dies between delivery and mark delivers again. With a key there is one effect.',
    shownBy: {
      file: 'tests/chapters/07-one-write-or-two.test.ts',
      test: 'has paid twice, where the target knows no keys',
    },
    mutant: 'each request has a key of its own at the HTTP edge, and an outbox delivers twice',
    remedy: 'has paid once, where the target knows keys',
  },
] as const satisfies readonly Claim[];
