import { inFile, type Mutant } from './mutant.ts';

/** What an order promises where it meets the world: over HTTP, at the terminal, on a server. */
export const ORDER_EDGE_MUTANTS: readonly Mutant[] = [
  {
    name: 'an event is sent again to who has heard it',
    edits: [inFile('src/systems/orders/http-events.ts', 'id > sent)', 'id >= sent)')],
    chapter: 'tests/rooms/orders/http-events.test.ts',
  },
  {
    name: 'the demo proves what it is to prove with itself',
    edits: [
      inFile(
        'src/demos/orders-verdict.ts',
        '...(sums.net === sums.fulfilled ? []',
        '...(sums.net === sums.net ? []',
      ),
    ],
    chapter: 'tests/rooms/demos/orders-verdict.test.ts',
  },
  {
    name: 'a search attribute of another type is taken for ours',
    edits: [
      inFile(
        'src/temporal/register-namespace.ts',
        'else if (type === numberOf(key.type))',
        'else if (type !== undefined)',
      ),
    ],
    chapter: 'tests/rooms/orders/namespace.test.ts',
  },
  {
    name: 'a worker that is asked to end lets nobody finish',
    edits: [
      inFile(
        'src/server/worker.ts',
        `shutdownForceTime: '8 seconds'`,
        `shutdownForceTime: '10 milliseconds'`,
      ),
    ],
    chapter: 'tests/rooms/orders/drain.test.ts',
  },
  {
    name: 'dynamic configuration has a key that no server knows',
    edits: [
      inFile(
        'fixtures/dynamicconfig/order-service.yaml',
        'limit.blobSize.error:',
        'limit.blobsize.error.:',
      ),
    ],
    chapter: 'tests/rooms/orders/dynamic-config.test.ts',
  },
  {
    name: 'the store takes another order for the one of that name',
    edits: [inFile('src/systems/orders/activities.ts', 'requireSameOrder(standing, draft);', '')],
    chapter: 'tests/rooms/orders/children.test.ts',
  },
  {
    name: 'a run that was reset forgets what the one before has charged',
    edits: [
      inFile(
        'src/systems/orders/order-steps.ts',
        `register(order, 'cancel-order', 'refund-payment', 'withdraw-shipment');`,
        '',
      ),
    ],
    chapter: 'tests/rooms/orders/cancelled.test.ts',
  },
  {
    name: 'nobody is told that a cancellation came too late',
    edits: [
      inFile(
        'src/systems/orders/order-steps.ts',
        'if (state.cancel !== null) state.cancel = { ...state.cancel, refused: TOO_LATE };',
        '',
      ),
    ],
    chapter: 'tests/rooms/orders/cancelled.test.ts',
  },
  {
    name: 'what was shipped before is charged again when Temporal has forgotten it',
    edits: [
      inFile(
        'src/systems/orders/order-steps.ts',
        `state.settled = validated.status === 'FULFILLED';`,
        'state.settled = false;',
      ),
    ],
    chapter: 'tests/rooms/orders/workflow.test.ts',
  },
];
