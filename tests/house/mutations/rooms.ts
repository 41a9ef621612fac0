import { inFile, type Mutant } from './mutant.ts';

/** What the routes, clients and reports of all systems have in common. */
export const ROOM_MUTANTS: readonly Mutant[] = [
  {
    name: 'a retry of a run that is open is answered as a start',
    edits: [
      inFile(
        'src/http/run-handlers.ts',
        `if (run.outcome === 'joined') throw stillRunning(stillRuns.noun, stillRuns.detail);`,
        '',
      ),
    ],
    chapter: 'tests/rooms/fees/durable-state-http.test.ts',
  },
  {
    name: 'the state of any order is shown, whoever asks',
    edits: [
      inFile(
        'src/http/run-handlers.ts',
        'runs.state(orderId, tenantOf(request))',
        'runs.state(orderId)',
      ),
    ],
    chapter: 'tests/rooms/fees/tenants.test.ts',
  },
  {
    name: 'a mismatch is told with the name of its tenant',
    edits: [
      inFile(
        'src/http/run-problems.ts',
        'intentMismatch(unscopedIn(message))',
        'intentMismatch(message)',
      ),
    ],
    chapter: 'tests/rooms/inventory/http.test.ts',
  },
  {
    name: 'nobody hears of a mismatch',
    edits: [
      inFile(
        'src/temporal/progress.ts',
        'error instanceof IntentMismatchError',
        'error === undefined',
      ),
    ],
    chapter: 'tests/rooms/temporal/progress.test.ts',
  },
  {
    name: 'a key in flight at another company is taken for a no',
    edits: [inFile('src/http/other-service.ts', '408, 409, 425', '408, 425')],
    chapter: 'tests/rooms/inventory/supplier-client.test.ts',
  },
];
