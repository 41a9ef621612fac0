/**
 * Chapter 39. Is this endpoint idempotent?
 *
 * Claim     A stranger who knows nothing but a URL can tell whether it is safe to press twice.
 * Method    `check` asks three endpoints over raw sockets: replays, other payloads under a used key, crowds whose last
 *           bytes are sent together, clients that leave, bodies and keys that nobody should send. It reads the balance.
 * Evidence  The verdict on each of the 62 rules, with what was seen; and the ledger, which the check cannot see.
 * Control   The naive endpoint, which has everything but the key: of the 62 it breaks the fifteen that need one.
 */
import type { Router } from 'express';
import { describe, expect } from 'vitest';
import { type CheckReport, check, RULES } from '#check';
import { createApp } from '#http';
import {
  type AccountStore,
  createAccountRouter,
  createFeeRouter,
  createFees,
  createIdempotentFeeRouter,
  createMemoryAccountStore,
  createNaiveFeeRouter,
  feeWorkerOptions,
} from '#systems/fees';
import { listen } from '#testkit';
import { it } from '#testkit/vitest';

describe.concurrent('an endpoint that a stranger has checked', () => {
  it('holds every rule that it can be asked about, where a workflow is named after the order', async ({
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    const accounts = openAccounts();
    await using _worker = await temporal.runWorker(feeWorkerOptions({ accounts, taskQueue }));
    const fees = createFees({ client, taskQueue, accounts });
    const router = createFeeRouter({ fees, answerWithinMs: 30_000 });

    const report = await checkedBehind(router, accounts, '/orders/{key}/fee');

    expect(idsOf(report, 'broken'), 'broken rules').toEqual([]);
    expect(reasonsOf(report)).toEqual({
      A19: 'the key is in the path',
      ...UNKNOWN_TO_STRANGERS,
      D10: 'no request met an outstanding key',
    });
    expect(seen(report, 'A05')).toBe('5 at once: 200 ×5; 1 effect; 50 at once: 200 ×50; 1 effect');
    expect(await paidTwice(accounts), 'orders that were paid twice').toEqual([]);
  });

  it('holds every rule that it can be asked about, where the middleware keeps the key', async () => {
    const accounts = openAccounts();
    const router = createIdempotentFeeRouter({ accounts });

    const report = await checkedBehind(router, accounts, '/idempotent/deduct-fee/order-1');

    expect(idsOf(report, 'broken'), 'broken rules').toEqual([]);
    const { D10: _whetherTwoRequestsMet, ...reasons } = reasonsOf(report);
    expect(reasons).toEqual({
      C06: 'the key is in a header',
      D09: 'the key is in a header',
      ...UNKNOWN_TO_STRANGERS,
    });
    expect(report.brokenMusts, 'broken MUSTs').toBe(0);
  });

  it('breaks fifteen rules where nothing keeps the key, and none that needs no key', async () => {
    const accounts = openAccounts();
    const router = createNaiveFeeRouter({ accounts });

    const report = await checkedBehind(router, accounts, '/deduct-fee/{key}');

    expect(idsOf(report, 'broken'), 'broken rules').toEqual([
      'A02', // a replay is another fee
      'A03', // and nothing tells it from the first
      'A04', // twenty replays are twenty more
      'A05', // so are duplicates that ask at once
      'A06', // another amount under a used key is taken as well
      'A07', // and from another account
      'A12', // the same key in another spelling
      'A13', // the same payload in another spelling
      'A15', // a client that leaves and comes back pays twice
      'A17', // one that cannot wait, five times
      'A18', // two requests on one connection are two fees
      'A20', // a race of two payloads has two winners
      'C02', // a key in Unicode has no replay either
      'C08', // nor has one that is called __proto__
      'D07', // nor has a client that was slow
    ]);
    expect(seen(report, 'A02')).toBe('another body than the first time; 1 effect instead of 0');
    expect(seen(report, 'A15')).toBe('6 effects instead of 3');
    expect(await paidTwice(accounts), 'orders that were paid twice').not.toEqual([]);
  });
});

const UNKNOWN_TO_STRANGERS = {
  A23: 'no other tenant is known: give --tenant-header',
  A24: 'how it is restarted is not known: give --restart-command',
  A25: 'it publishes none: give --retention with a time that can be waited for',
  D08: 'it takes up to 100 s: ask for it with --slow',
};

function openAccounts(): AccountStore<undefined> {
  return createMemoryAccountStore({
    balancesCents: { alice: 10_000_00, bob: 500_00 },
    // No delay: whatever is under way at once here has been asked for at once.
    beforeDeducting: async () => {},
  });
}

async function checkedBehind(
  router: Router,
  accounts: AccountStore<undefined>,
  path: string,
): Promise<CheckReport> {
  await using server = await listen(createApp(router, createAccountRouter({ accounts })));
  const report = await check({
    url: `${server.url}${path}`,
    accountPath: '/accounts/{account}',
    duplicates: [5, 50],
    settleMs: 20,
  });
  expect(report.rules.length, 'rules with a verdict').toBe(RULES.length);
  return report;
}

function idsOf({ rules }: CheckReport, verdict: string): readonly string[] {
  return rules.filter((rule) => rule.verdict === verdict).map(({ id }) => id);
}

/** Why these rules could not be looked at. */
function reasonsOf({ rules }: CheckReport): Record<string, string> {
  const untested = rules.filter(({ verdict }) => verdict === 'not testable');
  return Object.fromEntries(untested.map((rule) => [rule.id, rule.seen]));
}

function seen({ rules }: CheckReport, id: string): string | undefined {
  return rules.find((rule) => rule.id === id)?.seen;
}

/** Each order has an ID of its own in this run, so a second fee of one is a fee too many. */
async function paidTwice(accounts: AccountStore): Promise<readonly string[]> {
  const orders = (await accounts.effects()).map(({ key }) => key);
  return [...new Set(orders.filter((order, n) => orders.indexOf(order) !== n))];
}
