import { describe, expect, it } from 'vitest';
import { createMemoryAccountStore } from '#systems/fees';
import { createBarrier } from '#testkit';
import { accountStoreContract } from './account-store-contract.ts';

accountStoreContract('the store in memory', async (balancesCents) => ({
  accounts: createMemoryAccountStore({ balancesCents, beforeDeducting: atOnce }),
  async [Symbol.asyncDispose]() {},
}));

describe('the store in memory', () => {
  it('takes one fee twice when it is asked twice: the order ID is ignored', async () => {
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: atOnce,
    });

    await accounts.deductFee('alice', 'order-1', 10_00);
    await accounts.deductFee('alice', 'order-1', 10_00);

    expect((await accounts.effects()).map(({ key }) => key)).toEqual(['order-1', 'order-1']);
    expect((await accounts.get('alice')).balanceCents).toBe(100_00 - 2 * 10_00);
  });

  it('waits before a deduction without holding the account: five wait there together', async () => {
    const allWait = createBarrier(5);
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: async () => {
        await allWait.arrive();
      },
    });

    const clients = [1, 2, 3, 4, 5].map((client) =>
      accounts.deductFee('alice', `order-${client}`, 10_00),
    );
    await Promise.all(clients);

    expect((await accounts.get('alice')).balanceCents).toBe(100_00 - 5 * 10_00);
  });

  it('tells whoever makes it wait which deduction that is', async () => {
    const waited: unknown[] = [];
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: async (pending) => {
        waited.push(pending);
      },
    });

    await accounts.deductFee('alice', 'order-1', 10_00);

    expect(waited).toEqual([{ accountId: 'alice', orderId: 'order-1', amountCents: 10_00 }]);
  });

  it('lets no account wait for another', async () => {
    const held = createBarrier(1);
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00, bob: 100_00 },
      beforeDeducting: async ({ accountId }) => {
        if (accountId === 'alice') await held.opened;
      },
    });

    const alice = accounts.deductFee('alice', 'order-1', 10_00);
    await accounts.deductFee('bob', 'order-2', 10_00);

    expect((await accounts.effects()).map(({ accountId }) => accountId)).toEqual(['bob']);
    await held.arrive();
    await alice;
  });

  it('opens with balances from a Map, where __proto__ is an account like any other', async () => {
    const accounts = createMemoryAccountStore({ balancesCents: new Map([['__proto__', 1_00]]) });

    expect(await accounts.get('__proto__')).toEqual({ accountId: '__proto__', balanceCents: 1_00 });
  });

  it('dates its ledger by the clock that it was given', async () => {
    const accounts = createMemoryAccountStore({
      balancesCents: { alice: 100_00 },
      beforeDeducting: atOnce,
      now: () => 42,
    });

    const deduction = await accounts.deductFee('alice', 'order-1', 10_00);

    expect(deduction.at).toBe(42);
    expect(Object.isFrozen(deduction), 'frozen').toBe(true);
  });
});

async function atOnce(): Promise<void> {}
