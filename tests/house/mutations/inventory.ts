import { inFile, type Mutant } from './mutant.ts';

const POSTGRES = 'src/systems/inventory/postgres-stock.ts';
const chapter23 = { chapter: 'tests/chapters/23-below-zero.test.ts' };
const reorders = { chapter: 'tests/rooms/inventory/postgres-reorders.test.ts' };

/** What keeps a stock from being sold, or filled, twice. */
export const INVENTORY_MUTANTS: readonly Mutant[] = [
  {
    name: 'sale and supplier order have one key: the retry of the one finds the other',
    edits: [
      inFile(
        'src/systems/inventory/ids.ts',
        `return keyOf(workflowId, 'supplier-order');`,
        `return keyOf('inventory', 'supplier-order');`,
      ),
    ],
    chapter: 'tests/rooms/inventory/explored.test.ts',
  },
  {
    name: 'the run ID is in the key of a sale',
    edits: [
      inFile(
        'src/systems/inventory/activities.ts',
        'key: saleKey(run.workflowId),',
        'key: `${saleKey(run.workflowId)}-${run.runId}`,',
      ),
    ],
    chapter: 'tests/chapters/20-remembering-only-the-last-order.test.ts',
    test: 'leave 980',
  },
  {
    name: 'the stock is read without a lock',
    edits: [inFile('src/systems/inventory/postgres-rows.ts', ' FOR UPDATE`;', '`;')],
    ...chapter23,
    test: '33 sales',
  },
  {
    name: 'every sale below the level asks the supplier, whatever is on its way',
    edits: [inFile(POSTGRES, ' && product.onOrder === undefined', '')],
    ...chapter23,
    test: '33 sales',
  },
  {
    name: 'a refusal is forgotten',
    edits: [inFile(POSTGRES, `{ onOutcome, refusals: 'store' }`, '{ onOutcome }')],
    ...chapter23,
    test: '33 sales',
  },
  {
    name: 'the supplier is not told the key',
    edits: [
      inFile('src/systems/inventory/supplier-client.ts', 'sendKey = true,', 'sendKey = false,'),
    ],
    chapter: 'tests/chapters/22-the-supplier-who-was-asked-twice.test.ts',
    test: 'where it reads the key',
  },
  {
    name: 'the supplier gives a delivery another name each time that it tells of it',
    edits: [
      inFile('src/systems/inventory/deliveries.ts', '`${id}-delivery`', '`${id}-${Math.random()}`'),
    ],
    chapter: 'tests/chapters/22-the-supplier-who-was-asked-twice.test.ts',
    test: 'where it reads the key',
  },
  {
    name: 'a supplier that knows no keys is asked without a look',
    edits: [
      inFile('src/systems/inventory/create-then-validate.ts', 'if (known) return known;', ''),
    ],
    chapter: 'tests/rooms/inventory/create-then-validate.test.ts',
  },
  {
    name: 'the ledger does not notice that an order has been sold under a key that is gone',
    edits: [inFile(POSTGRES, 'if (!isNew) throw', 'if (!isNew && false) throw')],
    chapter: 'tests/rooms/inventory/postgres-stock.test.ts',
    test: 'when its key has gone',
  },
  {
    name: 'a delivery that nobody awaits takes the place of the one that is awaited',
    edits: [inFile(POSTGRES, 'reference !== undefined && product.onOrder === reference', 'true')],
    ...reorders,
  },
  {
    name: 'a supplier order that was refused is awaited for ever',
    edits: [
      inFile(
        'src/systems/inventory/activities.ts',
        'if (error instanceof SupplierRefusedError) await stock.closeReorder(productId, reference);',
        '',
      ),
    ],
    chapter: 'tests/rooms/inventory/http-house.test.ts',
  },
  {
    name: 'an order that cannot be one is started, and refused later',
    edits: [inFile('src/systems/inventory/client.ts', 'orderFromInput(orderToInput(order));', '')],
    chapter: 'tests/rooms/inventory/client.test.ts',
  },
  {
    name: 'a retry of a failed run takes its ID for something else',
    edits: [
      inFile(
        'src/temporal/start-or-join.ts',
        'if (retryFailed) await refuseRetryOfAnother(client, workflowId, workflowType, intent);',
        '',
      ),
    ],
    chapter: 'tests/rooms/temporal/start-or-join.test.ts',
  },
];
