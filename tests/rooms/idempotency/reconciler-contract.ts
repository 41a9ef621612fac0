import { expect, it } from 'vitest';
import { ClaimLostError, NotAttempted, type StuckKey, UnstorableAnswerError } from '#idempotency';
import { type CreateStore, createStay, FEE, type Kind, open } from './store-under-test.ts';

const LEASE_MS = 60_000;
const RESET = new Error('The connection was reset');

/** What nobody knows stays in flight, until somebody has looked at the world. */
export function reconcilerContract(kind: Kind, create: CreateStore): void {
  it('settles nothing that is not held: a key that nobody used, and one that has its answer', async () => {
    await using world = await open(create, { leaseMs: LEASE_MS });
    const { value } = (await world.store.once('order-1', FEE, async ({ token }) => token)) as {
      value: number;
    };
    world.passMs(LEASE_MS);

    for (const [key, token] of [['order-1', value] as const, ['order-2', value + 1] as const]) {
      const settled = world.store.settle(key, token, { ending: 'not attempted' });
      await expect(settled).rejects.toThrow(ClaimLostError);
      await expect(settled).rejects.toMatchObject({ key, token });
    }
    expect(await world.pay('order-1')).toMatchObject({ outcome: 'replay', value });
  });

  if (kind === 'rolls back') hasNothingToSettle(create);
  else {
    listsWhatIsStuck(create);
    settles(create);
    guardsTheOwner(create);
    turnsLateOwnersAway(create);
  }
}

function hasNothingToSettle(create: CreateStore): void {
  it('has nothing to settle: an effect that was rolled back left nothing behind', async () => {
    await using world = await open(create, { leaseMs: LEASE_MS });
    await expect(world.payAndThrow('order-1', RESET)).rejects.toBe(RESET);

    world.passMs(LEASE_MS);

    expect(await world.store.stuck()).toEqual([]);
    expect(await world.effects()).toEqual([]);
  });
}

function listsWhatIsStuck(create: CreateStore): void {
  it('keeps a key in flight past its lease, and lists it from then on, oldest first', async () => {
    await using world = await open(create, { leaseMs: LEASE_MS });
    const claimedAt = world.now();
    await expect(world.payAndThrow('order-2', RESET)).rejects.toBe(RESET);
    await expect(world.payAndThrow('order-1', RESET)).rejects.toBe(RESET);

    world.passMs(LEASE_MS - 1);
    expect(await world.store.stuck(), 'during the lease').toEqual([]);
    await expect(world.payAndThrow('order-3', RESET)).rejects.toBe(RESET);
    world.passMs(1);

    const token = expect.any(Number);
    expect(await world.store.stuck(), 'at its end').toEqual([
      { key: 'order-2', token, claimedAt, leaseEndedAt: claimedAt + LEASE_MS },
      { key: 'order-1', token, claimedAt, leaseEndedAt: claimedAt + LEASE_MS },
    ]);
    expect(await world.pay('order-1'), 'past the lease').toMatchObject({ outcome: 'in-flight' });
    expect(await world.effects()).toEqual(['order-2', 'order-1', 'order-3']);
  });

  it('lists by age of the claim, where a key was claimed for the second time', async () => {
    await using world = await open(create, { leaseMs: LEASE_MS, expiresAfterMs: 1 });
    await world.pay('order-1');
    world.passMs(1);
    await expect(world.payAndThrow('order-2', RESET)).rejects.toBe(RESET);
    await expect(world.payAndThrow('order-1', RESET)).rejects.toBe(RESET);

    world.passMs(LEASE_MS);

    expect((await world.store.stuck()).map(({ key }) => key)).toEqual(['order-2', 'order-1']);
  });
}

function settles(create: CreateStore): void {
  it.each(['done', 'refused'] as const)(
    'gives everybody the answer that was settled as %s',
    async (ending) => {
      await using world = await open(create, { leaseMs: LEASE_MS });
      const { key, token } = await getStuck(world);

      await world.store.settle(key, token, { ending, value: { found: 'in the ledger' } });

      const replay = { outcome: 'replay', ending, value: { found: 'in the ledger' } };
      expect(await world.pay('order-1')).toEqual(replay);
      expect(await world.store.stuck()).toEqual([]);
      expect(await world.effects()).toEqual(['order-1']);
    },
  );

  it('frees a key whose effect was found not to have happened', async () => {
    await using world = await open(create, { leaseMs: LEASE_MS });
    await expect(world.store.once('order-1', FEE, () => Promise.reject(RESET))).rejects.toBe(RESET);
    world.passMs(LEASE_MS);
    const [{ key, token }] = (await world.store.stuck()) as [StuckKey];

    await world.store.settle(key, token, { ending: 'not attempted' });

    expect(await world.pay('order-1')).toMatchObject({ outcome: 'first' });
    expect(await world.effects()).toEqual(['order-1']);
  });

  it('forgets a settled answer in its time, like any other', async () => {
    await using world = await open(create, { leaseMs: LEASE_MS, expiresAfterMs: 1_000 });
    const { key, token } = await getStuck(world);

    await world.store.settle(key, token, { ending: 'done', value: null });
    world.passMs(1_000);

    expect(await world.store.prune(), 'forgotten').toBe(1);
  });

  it('gives the settled answer to who waits for it', async () => {
    await using world = await open(create, { leaseMs: LEASE_MS });
    const { key, token } = await getStuck(world);

    const waiting = world.pay('order-1', { waitMs: 60_000 });
    await world.store.settle(key, token, { ending: 'done', value: 'found' });

    expect(await waiting).toEqual({ outcome: 'replay', ending: 'done', value: 'found' });
  });
}

function guardsTheOwner(create: CreateStore): void {
  it('settles nothing before the end of the lease: the owner may still be at work', async () => {
    await using world = await open(create, { leaseMs: LEASE_MS });
    const stay = createStay();
    const tokens: number[] = [];
    const owner = world.store.once('order-1', FEE, async ({ token }) => {
      tokens.push(token);
      await stay.here();
      return 'by the owner';
    });
    await stay.begun;
    world.passMs(LEASE_MS - 1);

    const settled = world.store.settle('order-1', tokens[0] ?? 0, { ending: 'not attempted' });

    await expect(settled).rejects.toThrow(RangeError);
    await expect(settled).rejects.toThrow('The lease of "order-1" has not ended');
    stay.letGo();
    expect(await owner).toMatchObject({ outcome: 'first', value: 'by the owner' });
  });

  it('settles nothing under a token that was overtaken', async () => {
    await using world = await open(create, { leaseMs: LEASE_MS });
    const old = await getStuck(world);
    await world.store.settle(old.key, old.token, { ending: 'not attempted' });
    const next = await getStuck(world);

    const settled = world.store.settle(old.key, old.token, { ending: 'done', value: null });

    await expect(settled).rejects.toThrow(ClaimLostError);
    expect(next.token, 'the token of the next claim').toBeGreaterThan(old.token);
    expect(await world.store.stuck()).toEqual([next]);
  });

  it('settles nothing with an answer that has no JSON', async () => {
    await using world = await open(create, { leaseMs: LEASE_MS });
    const stuck = await getStuck(world);

    const settled = world.store.settle(stuck.key, stuck.token, { ending: 'done', value: 10n });

    await expect(settled).rejects.toThrow(UnstorableAnswerError);
    expect(await world.store.stuck()).toEqual([stuck]);
  });
}

function turnsLateOwnersAway(create: CreateStore): void {
  it.each([
    ['done', async () => 'by the owner'],
    ['not attempted', () => Promise.reject(new NotAttempted('too late'))],
  ])('lets an owner who comes too late with "%s" change nothing', async (_ending, finish) => {
    await using world = await open(create, { leaseMs: LEASE_MS });
    const stay = createStay();
    const owner = world.store.once('order-1', FEE, async () => {
      await stay.here();
      return await finish();
    });
    await stay.begun;
    world.passMs(LEASE_MS);
    const [{ key, token }] = (await world.store.stuck()) as [StuckKey];
    await world.store.settle(key, token, { ending: 'done', value: 'by the reconciler' });

    const replay = { outcome: 'replay', ending: 'done', value: 'by the reconciler' };
    expect(await world.pay('order-1'), 'while the owner is at work').toEqual(replay);
    stay.letGo();

    await expect(owner).rejects.toThrow(ClaimLostError);
    await expect(owner).rejects.toMatchObject({ key, token });
    expect(await world.pay('order-1'), 'afterwards').toEqual(replay);
  });

  it('lets an owner who was overtaken change nothing of the next claim', async () => {
    await using world = await open(create, { leaseMs: LEASE_MS });
    const stay = createStay();
    const owner = world.store.once('order-1', FEE, async () => {
      await stay.here();
      return 'by the owner';
    });
    await stay.begun;
    world.passMs(LEASE_MS);
    const [{ key, token }] = (await world.store.stuck()) as [StuckKey];
    await world.store.settle(key, token, { ending: 'not attempted' });

    const next = await world.pay('order-1');
    stay.letGo();

    await expect(owner).rejects.toThrow(ClaimLostError);
    expect(next).toMatchObject({ outcome: 'first' });
    expect(await world.pay('order-1')).toEqual({ ...next, outcome: 'replay' });
  });
}

/** A key whose effect happened, of which nobody knows. */
async function getStuck(world: Awaited<ReturnType<typeof open>>): Promise<StuckKey> {
  await expect(world.payAndThrow('order-1', RESET)).rejects.toBe(RESET);
  world.passMs(LEASE_MS);
  const [stuck] = await world.store.stuck();
  return stuck as StuckKey;
}
