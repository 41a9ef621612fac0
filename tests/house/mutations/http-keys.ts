import { inFile, type Mutant } from './mutant.ts';

const chapter12 = { chapter: 'tests/chapters/12-the-key-over-http.test.ts' };
const HTTP_ASKED = 'src/http/idempotent/asked.ts';

/** The key over HTTP. */
export const HTTP_KEY_MUTANTS: readonly Mutant[] = [
  {
    name: 'the body has no part in the fingerprint of a request',
    edits: [inFile(HTTP_ASKED, 'body: meaningOf(request.body),', '')],
    ...chapter12,
  },
  {
    name: 'the tenant is not in the scope of a key',
    edits: [
      inFile(
        HTTP_ASKED,
        'const storeKey = JSON.stringify([tenant, method, route, key]);',
        'const storeKey = JSON.stringify([method, route, key]);',
      ),
    ],
    ...chapter12,
  },
  {
    name: 'each request has a key of its own at the HTTP edge, and its retry pays again',
    edits: [
      inFile(
        HTTP_ASKED,
        'const storeKey = JSON.stringify([tenant, method, route, key]);',
        'const storeKey = JSON.stringify([tenant, method, route, key, Math.random()]);',
      ),
    ],
    ...chapter12,
  },
  {
    name: 'a replay has another status than the first answer',
    edits: [
      inFile(
        'src/http/idempotent/answer.ts',
        'response.status(status).set',
        'response.status(200).set',
      ),
    ],
    ...chapter12,
  },
  {
    name: 'a refusal is not stored at the HTTP edge',
    edits: [inFile('src/http/idempotent.ts', `refusals: 'store'`, `refusals: 'release'`)],
    ...chapter12,
  },
];
