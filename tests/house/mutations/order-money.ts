import { inFile, type Mutant } from './mutant.ts';

const STEPS = 'src/systems/orders/order-steps.ts';
const UNDO = 'src/systems/orders/order-undo.ts';
const PAYMENTS = 'src/systems/orders/payment-activities.ts';
const chapter26 = { chapter: 'tests/chapters/26-cancelled-in-the-middle.test.ts' };
const chapter27 = { chapter: 'tests/chapters/27-unknown-is-not-declined.test.ts' };

/** What keeps the money of an order from being taken, or given back, twice, or not at all. */
export const ORDER_MONEY_MUTANTS: readonly Mutant[] = [
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
    name: 'an order that is cancelled is not shielded, and neither is its undoing',
    edits: [
      inFile(
        'src/systems/orders/workflows.ts',
        'CancellationScope.nonCancellable(() => workOn(order))',
        'workOn(order)',
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
    name: 'each attempt of a charge has a key of its own',
    edits: [
      inFile(
        'src/systems/orders/service-client.ts',
        'keyOfReference(reference)',
        'keyOfReference(`${reference}-${Math.random()}`)',
      ),
    ],
    chapter: 'tests/chapters/24-five-charges-no-refund.test.ts',
  },
  {
    name: 'a closed key still charges',
    edits: [
      inFile(
        'src/systems/orders/service-router.ts',
        'books.isClosed(reference) ?',
        'books.isClosed(reference) && reference === what ?',
      ),
    ],
    ...chapter27,
  },
  {
    name: 'a webhook is not heard',
    edits: [
      inFile('src/systems/orders/payment-workflow.ts', 'hints.count += 1', 'hints.count += 0'),
    ],
    ...chapter27,
  },
  {
    name: 'every 4xx is a decline',
    edits: [
      inFile('src/systems/orders/service-clients.ts', 'if (status === 402)', 'if (status >= 400)'),
    ],
    chapter: 'tests/rooms/orders/service-clients.test.ts',
  },
  {
    name: 'a refused refund is refused for good',
    edits: [inFile('src/systems/orders/services.ts', `'for now' as const`, `'final' as const`)],
    chapter: 'tests/rooms/orders/services.test.ts',
  },
  {
    name: 'a webhook tells of a charge of another tenant',
    edits: [
      inFile(
        'src/systems/orders/update-request.ts',
        'told === scoped(tenant, name)',
        'told !== undefined',
      ),
    ],
    chapter: 'tests/rooms/orders/http-messages.test.ts',
  },
];
