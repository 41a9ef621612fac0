import { KEY_LEFT_OUT } from './keys.ts';
import { inFile, type Mutant } from './mutant.ts';

const matrix = { chapter: 'tests/rooms/atlas/matrix.test.ts' };

/** What keeps the atlas from telling what no server does, and `stuck` and `doctor` from saying that all is well. */
export const ATLAS_MUTANTS: readonly Mutant[] = [
  {
    name: 'whoever sends another payload under a known ID is not noticed',
    edits: [
      inFile(
        'src/temporal/same-intent.ts',
        'recorded !== asked.fingerprint',
        'recorded === undefined',
      ),
    ],
    chapter: 'tests/rooms/atlas/executed.test.ts',
    test: 'who notices another payload',
  },
  {
    name: 'nobody sees that a run was terminated',
    edits: [
      inFile(
        'src/atlas/execute.ts',
        "oldTerminated: before.isOpen && old?.status === 'TERMINATED'",
        'oldTerminated: false',
      ),
    ],
    chapter: 'tests/chapters/35-the-same-id-again.test.ts',
    test: 'comes to what the atlas says',
  },
  {
    name: 'the matrix answers without looking at the conflict policy',
    edits: [
      inFile(
        'src/cli/matrix.ts',
        'reuse === asked.reuse && conflict === asked.conflict',
        'reuse === asked.reuse',
      ),
    ],
    ...matrix,
  },
  {
    name: 'what stuck cannot look at counts as nothing stuck',
    edits: [inFile('src/cli/stuck.ts', 'if (failed !== undefined) throw failed.reason;', '')],
    chapter: 'tests/rooms/cli/stuck.test.ts',
  },
  {
    name: 'a retention of an hour is long enough',
    edits: [inFile('src/cli/doctor-server.ts', 'retentionMs >= DAY_MS', 'retentionMs > 0')],
    chapter: 'tests/rooms/cli/doctor-server.test.ts',
  },
  {
    name: 'the live matrix asks no server',
    edits: [
      inFile(
        'src/cli/matrix.ts',
        'live ? await askServer(questions) : known',
        'live ? known : known',
      ),
    ],
    ...matrix,
  },
  {
    name: 'a key is kept for ever, whatever was said of its days',
    edits: [
      inFile(
        'src/idempotency/memory-store.ts',
        'return this.#now() >= entry.answeredAt + this.expiresAfterMs;',
        'return false;',
      ),
    ],
    chapter: 'tests/chapters/14-the-order-that-comes-back.test.ts',
    test: 'is paid again: the promise',
  },
  // The same break as the first one of keys.ts, seen from where people take something else for a proof.
  {
    name: 'the key is left out, and one run ID for all clients is there',
    edits: [KEY_LEFT_OUT],
    chapter: 'tests/chapters/38-what-people-say.test.ts',
    test: 'have paid',
  },
  {
    name: 'the key is left out, and there is one attempt',
    edits: [KEY_LEFT_OUT],
    chapter: 'tests/chapters/09-at-most-once-is-not-once.test.ts',
    test: 'and the caller is told so late',
  },
  {
    name: 'each request has a key of its own at the HTTP edge, and an outbox delivers twice',
    edits: [
      inFile(
        'src/http/idempotent/asked.ts',
        'const storeKey = JSON.stringify([tenant, method, route, key]);',
        'const storeKey = JSON.stringify([tenant, method, route, key, Math.random()]);',
      ),
    ],
    chapter: 'tests/chapters/07-one-write-or-two.test.ts',
    test: 'where the target knows',
  },
  {
    name: 'stuck has looked at a part, and says that all is well',
    edits: [inFile('src/cli/stuck.ts', 'if (notes.length > 0)', 'if (false)')],
    chapter: 'tests/rooms/cli/stuck.test.ts',
  },
];
