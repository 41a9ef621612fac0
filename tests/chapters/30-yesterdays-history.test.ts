/**
 * Chapter 30. Yesterday's history, today's code
 *
 * Claim     Every order that the last version has begun is carried on by today's code, failed ones included, because the
 *           step that was put between two old ones is asked for by `patched`.
 * Method    Histories that the last version has left, of orders that went well, failed, or still wait, are replayed. Since
 *           then the shipment is withdrawn before the money goes back.
 * Evidence  A replay asks for what the history tells, command by command, or fails with a determinism error.
 * Control   The same step without `patched`. The replay of the good order is no help: it never undoes anything.
 */
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { readHistory } from '#fixtures/histories/histories';
import { orderCode } from '#fixtures/histories/versions';
import { bundleOf } from '#fixtures/workers/bundle-of';
import { ORDER_WORKFLOWS_PATH } from '#systems/orders';
import { installQuietRuntime } from '#temporal/quiet';

/** What yesterday's code has left behind, by the end that it came to or the state that it waits in. */
const REFUNDED = ['v1-not-shipped', 'v1-cancelled', 'v1-refund-pending'];
const OTHERS = [
  'v1-fulfilled',
  'v1-declined',
  'v1-payment-unknown',
  'v1-payment',
  'v1-payment-not-made',
];

beforeAll(() => installQuietRuntime());

describe('today’s code, whose new step is asked for by `patched`,', () => {
  it.each([...REFUNDED, ...OTHERS])('carries on the run of %s', async (name) => {
    const replaying = replay(name, await todaysCode());

    await expect(
      replaying,
      `${name} stops: read ${RECORDED_IN}/README.md`,
    ).resolves.toBeUndefined();
  });
});

describe('the same code without `patched`', () => {
  it.each(REFUNDED)('stops the run of %s: its history tells of no withdrawal', async (name) => {
    const replaying = replay(name, orderCode(await todaysCode(), 'unpatched'));

    await expect(replaying).rejects.toThrow(DeterminismViolationError);
    await expect(replaying).rejects.toThrow(ASKS_FOR_ANOTHER_ACTIVITY);
  });

  it('is not found out by the order that went well: nothing of it is undone', async () => {
    const replaying = replay('v1-fulfilled', orderCode(await todaysCode(), 'unpatched'));

    await expect(replaying).resolves.toBeUndefined();
  });
});

// The SDK's core may note the answer of a local activity with one workflow task, and tell the workflow with the next: a
// replay tells it at once. What asks `patched` after such an answer would then not find its marker yet.
describe('a run whose local activity was noted one task before its workflow was told', () => {
  it('is carried on: its patches were asked for before anything was waited for', async () => {
    const replaying = replay('v2-answer-noted-early', await todaysCode());

    await expect(replaying).resolves.toBeUndefined();
  });
});

const RECORDED_IN = 'fixtures/histories';

/** The SDK's own words: the code wants an activity where the history has something else. */
const ASKS_FOR_ANOTHER_ACTIVITY =
  /\[TMPRL1100\] Nondeterminism error: Activity machine does not handle this event/;

/** The bundle of the orders' workflows, as they are now. */
async function todaysCode(): Promise<string> {
  return (await bundleOf(ORDER_WORKFLOWS_PATH)).code;
}

/** @throws {DeterminismViolationError} */
async function replay(name: string, code: string): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: { code } }, await readHistory(name), name);
}
