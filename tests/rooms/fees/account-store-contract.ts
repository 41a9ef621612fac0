import { describe, expect, it } from 'vitest';
import {
  AccountExistsError,
  type AccountStore,
  InsufficientFundsError,
  MAX_AMOUNT_CENTS,
  UnknownAccountError,
} from '#systems/fees';

/** A store of these balances, for one test. */
export type CreateAccounts = (
  balancesCents: Readonly<Record<string, number>>,
) => Promise<AsyncDisposable & { readonly accounts: AccountStore }>;

/** What every account store promises, whether it lives in memory or in a database. */
export function accountStoreContract(name: string, create: CreateAccounts): void {
  describe(`${name}, as every account store,`, () => {
    opensAccounts(create);
    knowsItsAccounts(create);
    takesFees(create);
    takesWholeCents(create);
    keepsToTheGreatestBalance(create);
    keepsItsBalancesUnderLoad(create);
    showsItsLedger(create);
  });
}

function opensAccounts(create: CreateAccounts): void {
  it('opens an account once', async () => {
    await using store = await create({});

    const opened = await store.accounts.create('alice', 100_00);

    expect(opened).toEqual({ accountId: 'alice', balanceCents: 100_00 });
    expect(await store.accounts.exists('alice')).toBe(true);
    await expect(store.accounts.create('alice', 5_00)).rejects.toThrow(AccountExistsError);
    expect(await store.accounts.get('alice')).toEqual(opened);
  });

  it('opens an account with nothing in it', async () => {
    await using store = await create({});

    expect(await store.accounts.create('alice', 0)).toMatchObject({ balanceCents: 0 });
  });

  it('lets one of two that open an account at once have it', async () => {
    await using store = await create({});

    const tries = [store.accounts.create('alice', 1), store.accounts.create('alice', 2)];
    const outcomes = await Promise.allSettled(tries);

    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
}

function knowsItsAccounts(create: CreateAccounts): void {
  const STRANGERS = ['bob', 'ALICE', '__proto__', 'constructor', 'toString', 'hasOwnProperty'];

  it.each(STRANGERS)('does not know the account "%s"', async (accountId) => {
    await using store = await create({ alice: 100_00 });
    const message = `No account "${accountId}": open it before deducting a fee from it`;

    expect(await store.accounts.exists(accountId)).toBe(false);
    await expect(store.accounts.get(accountId)).rejects.toThrow(UnknownAccountError);
    await expect(store.accounts.deposit(accountId, 1)).rejects.toThrow(UnknownAccountError);
    const deduction = store.accounts.deductFee(accountId, 'order-1', 10_00);
    await expect(deduction).rejects.toThrow(message);
    expect(await store.accounts.effects()).toEqual([]);
  });

  it('lists its accounts with their balances', async () => {
    await using store = await create({ alice: 100_00, bob: 50_00 });
    await store.accounts.deductFee('bob', 'order-1', 10_00);

    const accounts = await store.accounts.accounts();

    const byBalance = accounts.toSorted((a, b) => b.balanceCents - a.balanceCents);
    expect(byBalance).toEqual([
      { accountId: 'alice', balanceCents: 100_00 },
      { accountId: 'bob', balanceCents: 50_00 - 10_00 },
    ]);
  });
}

function takesFees(create: CreateAccounts): void {
  it('takes a fee and notes it in the ledger, with its cause', async () => {
    await using store = await create({ alice: 100_00 });
    const cause = { by: 'run 1', attempt: 2 };

    const deduction = await store.accounts.deductFee('alice', 'order-1', 10_00, cause);

    expect(deduction).toEqual({
      accountId: 'alice',
      key: 'order-1',
      amountCents: 10_00,
      balanceCents: 100_00 - 10_00,
      ...cause,
      at: expect.any(Number),
    });
    expect(await store.accounts.effects()).toEqual([deduction]);
    expect((await store.accounts.get('alice')).balanceCents).toBe(100_00 - 10_00);
  });

  it('takes the last cent, and not one more', async () => {
    await using store = await create({ alice: 10_00 });
    await store.accounts.deductFee('alice', 'order-1', 10_00);

    const oneMore = store.accounts.deductFee('alice', 'order-2', 1);

    await expect(oneMore).rejects.toThrow(InsufficientFundsError);
    await expect(oneMore).rejects.toMatchObject({ balanceCents: 0, amountCents: 1 });
    expect((await store.accounts.effects()).length, 'deductions').toBe(1);
    expect((await store.accounts.get('alice')).balanceCents, 'balance').toBe(0);
  });
}

function takesWholeCents(create: CreateAccounts): void {
  const NO_AMOUNTS = [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53];

  it.each(NO_AMOUNTS)('refuses to take or to pay in %d cents', async (amountCents) => {
    await using store = await create({ alice: 100_00 });

    const taken = store.accounts.deductFee('alice', 'order-1', amountCents);

    await expect(taken).rejects.toThrow(RangeError);
    await expect(store.accounts.deposit('alice', amountCents)).rejects.toThrow(RangeError);
    expect((await store.accounts.get('alice')).balanceCents).toBe(100_00);
  });
}

function keepsToTheGreatestBalance(create: CreateAccounts): void {
  it('pays in up to the greatest balance, and not a cent more', async () => {
    await using store = await create({ alice: MAX_AMOUNT_CENTS - 1 });

    expect((await store.accounts.deposit('alice', 1)).balanceCents).toBe(MAX_AMOUNT_CENTS);
    await expect(store.accounts.deposit('alice', 1)).rejects.toThrow(RangeError);
    expect((await store.accounts.get('alice')).balanceCents).toBe(MAX_AMOUNT_CENTS);
  });

  it.each([-1, 0.5, MAX_AMOUNT_CENTS + 1])('opens no account with %d cents', async (cents) => {
    await using store = await create({});

    await expect(store.accounts.create('alice', cents)).rejects.toThrow(RangeError);
    expect(await store.accounts.exists('alice')).toBe(false);
  });
}

function keepsItsBalancesUnderLoad(create: CreateAccounts): void {
  it('takes ten fees of fifty that come at once, and leaves each balance once', async () => {
    await using store = await create({ alice: 100_00 });

    const tries = Array.from({ length: 50 }, (_, client) =>
      store.accounts.deductFee('alice', `order-${client}`, 10_00),
    );
    const outcomes = await Promise.allSettled(tries);

    const paid = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(paid.length, 'paid').toBe(100_00 / 10_00);
    const balances = (await store.accounts.effects()).map(({ balanceCents }) => balanceCents);
    expect(balances).toEqual([90_00, 80_00, 70_00, 60_00, 50_00, 40_00, 30_00, 20_00, 10_00, 0]);
  });

  it('loses no deposit among deductions that come at the same time', async () => {
    await using store = await create({ alice: 100_00 });

    const changes = Array.from({ length: 10 }, (_, client) => [
      store.accounts.deductFee('alice', `order-${client}`, 5_00),
      store.accounts.deposit('alice', 1_00),
    ]);
    await Promise.all(changes.flat());

    const { balanceCents } = await store.accounts.get('alice');
    expect(balanceCents, 'balance').toBe(100_00 - 10 * 5_00 + 10 * 1_00);
  });
}

function showsItsLedger(create: CreateAccounts): void {
  it('hands out a ledger that does not change in the hands of its reader', async () => {
    await using store = await create({ alice: 100_00 });

    const before = await store.accounts.effects();
    await store.accounts.deductFee('alice', 'order-1', 10_00);

    expect(before).toEqual([]);
  });
}
