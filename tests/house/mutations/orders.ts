import { inFile, type Mutant } from './mutant.ts';

const STEPS = 'src/systems/orders/order-steps.ts';
const MESSAGES = 'src/systems/orders/order-messages.ts';
const chapter26 = { chapter: 'tests/chapters/26-cancelled-in-the-middle.test.ts' };
const chapter28 = { chapter: 'tests/chapters/28-signals-repeat.test.ts' };
const compensation = { chapter: 'tests/rooms/orders/compensation.test.ts' };

/** What keeps an order from being placed, changed, shipped or ended twice. */
export const ORDER_MUTANTS: readonly Mutant[] = [
  {
    name: 'what has left the house is cancelled',
    edits: [
      inFile(
        'src/systems/orders/order-run.ts',
        `if (state.status === 'FULFILLED' || state.settled) {`,
        `if (state.status === 'REFUSED') {`,
      ),
    ],
    ...chapter26,
  },
  {
    name: 'money goes back while goods may still leave',
    edits: [inFile(STEPS, `if (order.withdrawsFirst) register(order, 'withdraw-shipment');`, '')],
    ...compensation,
  },
  {
    name: 'an update is applied as often as it is sent',
    edits: [
      inFile(MESSAGES, 'if (state.updates.some((one) => one.update_id === update_id)) return;', ''),
    ],
    ...chapter28,
  },
  {
    name: 'updates are forgotten when the run continues as new',
    edits: [
      inFile(
        'src/systems/orders/order-run.ts',
        'state = isContinued && carried ? carried :',
        'state = isContinued && carried ? { ...carried, updates: [] } :',
      ),
    ],
    ...chapter28,
  },
  {
    name: 'a second parent does not join the payment that is there',
    edits: [
      inFile(
        STEPS,
        'workflowId: paymentWorkflowId(order_id, tenant),',
        'workflowId: `${paymentWorkflowId(order_id, tenant)}-${workflowInfo().runId}`,',
      ),
      inFile(STEPS, '{ isCancellation }', '{ isCancellation, workflowInfo }'),
    ],
    chapter: 'tests/chapters/29-one-child-two-parents.test.ts',
  },
  {
    name: 'a step was changed, and no history is asked when it began',
    edits: [inFile(STEPS, 'if (order.withdrawsFirst) register', 'register')],
    chapter: 'tests/chapters/30-yesterdays-history.test.ts',
  },
  {
    name: 'an order asks for its patches when it needs them, after its first wait',
    edits: [
      inFile(
        'src/systems/orders/order-run.ts',
        'withdrawsFirst: patched(WITHDRAW_FIRST),',
        'get withdrawsFirst() { return patched(WITHDRAW_FIRST); },',
      ),
      inFile(
        'src/systems/orders/order-run.ts',
        'undoesUnseen: patched(UNDO_UNSEEN),',
        'get undoesUnseen() { return patched(UNDO_UNSEEN); },',
      ),
    ],
    chapter: 'tests/chapters/30-yesterdays-history.test.ts',
    test: 'before anything was waited for',
  },
  {
    name: 'an order is placed with other values than its run was started for',
    edits: [
      inFile(
        'src/temporal/place-or-join.ts',
        'refuseOtherIntents(found, { workflowType, fingerprint: intent.fingerprint });',
        '',
      ),
    ],
    chapter: 'tests/rooms/temporal/place-or-join.test.ts',
  },
  {
    name: 'the last ending of an order stands, and not the first',
    edits: [
      inFile(
        'src/systems/orders/memory-orders.ts',
        `if (known.status !== 'OPEN') throw new OrderEndedError(orderId, known.status);`,
        '',
      ),
    ],
    chapter: 'tests/rooms/orders/store.test.ts',
  },
  {
    name: 'a run that was reset begins again what was cancelled',
    edits: [
      inFile(
        STEPS,
        `if (validated.status === 'CANCELLED') {`,
        `if (validated.status === undefined) {`,
      ),
    ],
    chapter: 'tests/rooms/orders/cancelled.test.ts',
  },
  {
    name: 'the ID in the body and the one in the header may differ',
    edits: [
      inFile(
        'src/systems/orders/order-request.ts',
        'named === undefined || named === orderId',
        'named === undefined || named !== undefined',
      ),
    ],
    chapter: 'tests/rooms/orders/http-request.test.ts',
  },
];
