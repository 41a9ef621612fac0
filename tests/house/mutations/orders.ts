import { inFile, type Mutant } from './mutant.ts';

const STEPS = 'src/systems/orders/order-steps.ts';
const UNDO = 'src/systems/orders/order-undo.ts';
const PAYMENTS = 'src/systems/orders/payment-activities.ts';
const MESSAGES = 'src/systems/orders/order-messages.ts';
const chapter26 = { chapter: 'tests/chapters/26-cancelled-in-the-middle.test.ts' };
const chapter27 = { chapter: 'tests/chapters/27-unknown-is-not-declined.test.ts' };
const chapter28 = { chapter: 'tests/chapters/28-signals-repeat.test.ts' };
const compensation = { chapter: 'tests/rooms/orders/compensation.test.ts' };

/** What keeps an order from being charged, shipped or undone twice, or not at all. */
export const ORDER_MUTANTS: readonly Mutant[] = [
  {
    name: 'the gateway is not told the key',
    edits: [inFile('src/systems/orders/service-client.ts', 'sendKey = true,', 'sendKey = false,')],
    chapter: 'tests/chapters/24-five-charges-no-refund.test.ts',
  },
  {
    name: 'each refund has a key of its own',
    edits: [
      inFile(
        PAYMENTS,
        'const reference = refundKey(order_id, chargeId, tenant);',
        'const reference = `${refundKey(order_id, chargeId, tenant)}-${Math.random()}`;',
      ),
    ],
    chapter: 'tests/chapters/25-undo-may-run-twice-too.test.ts',
  },
  {
    name: 'a compensation that fails is taken for done',
    edits: [inFile(UNDO, 'state.waits_for_person = true;', 'state.undo = [];')],
    chapter: 'tests/chapters/25-undo-may-run-twice-too.test.ts',
    test: 'that the bank refuses',
  },
  {
    name: 'the refund is registered when the payment is known',
    edits: [inFile(STEPS, `register(order, 'refund-payment');`, '')],
    ...chapter26,
  },
  {
    name: 'what has left the house is cancelled',
    edits: [
      inFile(
        'src/systems/orders/order-run.ts',
        `if (state.status === 'FULFILLED') {`,
        `if (state.status === 'REFUSED') {`,
      ),
    ],
    ...chapter26,
  },
  {
    name: 'unknown is declined',
    edits: [
      inFile(
        'src/systems/orders/payment-workflow.ts',
        'KNOWN.has(failureType(error))) throw error;',
        'failureType(error) !== undefined) throw error;',
      ),
    ],
    ...chapter27,
  },
  {
    name: 'who asks for a charge leaves its key open',
    edits: [
      inFile(
        PAYMENTS,
        'const [charge] = await gateway.close(chargeKey(order_id, tenant));',
        'const [charge] = [...(await gateway.find(chargeKey(order_id, tenant)))];',
      ),
    ],
    ...chapter27,
  },
  {
    name: 'a declined payment is refunded',
    edits: [
      inFile(
        STEPS,
        `new Set(['PaymentDeclinedError', 'PaymentNotMadeError'])`,
        `new Set(['PaymentNotMadeError'])`,
      ),
    ],
    ...chapter27,
  },
  {
    name: 'money goes back while goods may still leave',
    edits: [
      inFile(STEPS, `if (patched(WITHDRAW_FIRST)) register(order, 'withdraw-shipment');`, ''),
    ],
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
      inFile(STEPS, 'isCancellation, patched }', 'isCancellation, patched, workflowInfo }'),
    ],
    chapter: 'tests/chapters/29-one-child-two-parents.test.ts',
  },
  {
    name: 'a step was changed, and no history is asked when it began',
    edits: [inFile(STEPS, 'if (patched(WITHDRAW_FIRST)) register', 'register')],
    chapter: 'tests/chapters/30-yesterdays-history.test.ts',
  },
  {
    name: 'an order is placed with other values than its run was started for',
    edits: [
      inFile(
        'src/temporal/place.ts',
        'if (workflowInfo().memo?.[FINGERPRINT] === fingerprint) return;',
        'if (fingerprint !== undefined) return;',
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
    chapter: 'tests/rooms/orders/workflow.test.ts',
  },
];

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
