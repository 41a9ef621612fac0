/**
 * Chapter 6. Which key survives what
 *
 * Claim     Of what a key can be made of, only `<workflow ID>/<step>` gives each intent one effect in all seven cases.
 * Method    Each key against each event that runs an activity again, and against two intents that look alike: 56
 *           cells side by side on a real worker, each with an order, a store of keys and a ledger of its own.
 * Evidence  The effects of one intent in each ledger, as a table. The runs and attempts of each cell.
 * Control   The row without a key: two effects wherever something ran again.
 */
import { describe, expect } from 'vitest';
import {
  type Cell,
  createCell,
  effectsOf,
  runAllCells,
  traces,
  workerOptions,
} from '#fixtures/keys/cell';
import { EVENTS, type Event } from '#fixtures/keys/events';
import { intentOf, next } from '#fixtures/keys/ids';
import { KEYS } from '#fixtures/keys/keys';
import { renderTable } from '#report';
import { it } from '#testkit/vitest';

/** One is right in every column. Two is a fee that was taken twice, none is one that was never taken. */
const TABLE = `
effects of one intent
  key                      activity retry  workflow retry  reset  continue-as-new  start after deletion  next step  next order
  no key                                2               2      2                2                     2          1           1
  attempt                               2               1      1                1                     1          0           0
  activity ID                           1               1      1                1                     1          1           0
  run ID                                1               2      2                2                     2          0           1
  uuid4() in the workflow               1               2      2                2                     2          1           1
  run ID + activity ID                  1               2      2                2                     2          1           1
  order ID                              1               1      1                1                     1          0           1
  <workflow ID>/<step>                  1               1      1                1                     1          1           1
`;

describe('the key of an effect', () => {
  it('gives one effect to each intent if it is <workflow ID>/<step>: 7 of 7 columns, and no other key has more than 6', async ({
    temporal,
    recorder,
  }) => {
    const cells = await runAllCells(temporal, recorder);

    for (const cell of cells) {
      const { runIds, attempts } = traces(cell, recorder);
      expect({ runs: runIds.length, attempts }, `runs and attempts of ${cell.name}`).toEqual({
        runs: cell.event.runs,
        attempts: 2,
      });
    }
    expect(tableOf(cells)).toBe(TABLE.trim());
    // What is never taken is refused by name: two intents have two fingerprints.
    for (const cell of cells) {
      const ending = effectsOf(cell) === 0 ? ['IntentMismatchError'] : [];
      expect(cell.failures, `failures of ${cell.name}`).toEqual(ending);
    }
  });
});

describe('a key that two orders share', () => {
  it('gives the second one the receipt of the first where fingerprints are not compared, and its fee is never taken', async ({
    temporal,
  }) => {
    const key = 'activity ID';
    const event: Event = { event: 'next order', runs: 2, happens: async () => {} };
    const cell = createCell(temporal, { key, event, fingerprintOf: () => 'the same for all' });
    await using _worker = await temporal.runWorker(workerOptions(temporal, [cell]));
    const [orderId, nextOrderId] = [cell.orderId, next(cell.orderId)];

    const receipts = await cell.run();
    const nextReceipts = await cell.run({ orderId: nextOrderId });

    expect(receipts).toEqual([`receipt for ${orderId}/fee`]);
    expect(nextReceipts, 'what the second order is told').toEqual(receipts);
    expect(cell.ledger).toHaveOneEffect(intentOf({ orderId, step: 'fee' }));
    expect(cell.ledger).toHaveEffects(intentOf({ orderId: nextOrderId, step: 'fee' }), 0);
  });
});

function tableOf(cells: readonly Cell[]): string {
  const columns = ['key', ...EVENTS.map(({ event }) => event)];
  const rows = Object.keys(KEYS).map((key) => [
    key,
    ...cells.filter((cell) => cell.key === key).map(effectsOf),
  ]);
  return renderTable({ title: 'effects of one intent', columns, rows }, PLAIN);
}

const plain = (text: string) => text;
const PLAIN = { good: plain, bad: plain, limit: plain, title: plain, faint: plain };
