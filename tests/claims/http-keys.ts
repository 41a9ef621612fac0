import type { Claim } from './claim.ts';

/** Of keys that a client sends over HTTP. */
export const HTTP_KEY_CLAIMS = [
  {
    said: 'A client sends a new key with each request.',
    source: 'common belief',
    verdict: 'false',
    why: 'A key names an intent. The retry of a request is the same intent, so it has the same key.',
    shownBy: {
      file: 'tests/chapters/12-the-key-over-http.test.ts',
      test: 'pays twice when it makes a new key for its retry: a key names an intent, not an attempt',
    },
    mutant: 'each request has a key of its own at the HTTP edge, and its retry pays again',
    remedy: 'pays once at an endpoint that keeps it, and hears the answer that was lost',
  },
  {
    said: 'A plain HTTP endpoint cannot be idempotent without a transaction log or locking of its own.',
    source: 'an early draft of this project',
    verdict: 'true if the key beside the effect is called a log',
    why: 'An endpoint that keeps the key with the effect answers five hundred duplicates with one effect, without a workflow.',
    shownBy: {
      file: 'tests/chapters/12-the-key-over-http.test.ts',
      test: 'pays once at an endpoint that keeps it, and hears the answer that was lost',
    },
    mutant: 'each request has a key of its own at the HTTP edge, and its retry pays again',
  },
  {
    said: 'Whoever sends a used key gets the first answer, whatever else is in the request.',
    source: 'common belief',
    verdict: 'false',
    why: 'Another amount under a used key is a mistake of the client. It is told so, with 422, and nothing is taken.',
    shownBy: {
      file: 'tests/chapters/12-the-key-over-http.test.ts',
      test: 'that was used for another amount is refused: nothing is taken, and the first answer stands',
    },
    mutant: 'the fingerprint under a key is not compared',
  },
  {
    said: 'A request that was refused can be sent again with the same key.',
    source: 'common belief',
    verdict: 'true if the first answer is wanted again',
    why: 'A refusal is an answer like any other. Who wants another one has another intent, and needs a new key.',
    shownBy: {
      file: 'tests/chapters/12-the-key-over-http.test.ts',
      test: 'of a fee that was refused for lack of funds stays refused; a new key is a new intent',
    },
    mutant: 'a refusal is not stored at the HTTP edge',
  },
  {
    said: 'A key that is random enough needs no tenant beside it.',
    source: 'common belief',
    verdict: 'false',
    why: 'Clients choose their keys. Without the tenant in the scope one tenant hears what another one was told.',
    shownBy: {
      file: 'tests/chapters/12-the-key-over-http.test.ts',
      test: 'of two tenants is two keys: two fees, and neither hears what the other was told',
    },
    mutant: 'the tenant is not in the scope of a key',
  },
] as const satisfies readonly Claim[];
