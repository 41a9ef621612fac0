import type { RequestHandler } from 'express';
import { type CheckOptions, type CheckReport, check } from '#check';
import { createApp } from '#http';
import { createMemoryIdempotencyStore, type IdempotencyStore } from '#idempotency';
import {
  createAccountRouter,
  createIdempotentFeeRouter,
  createMemoryAccountStore,
  type IdempotentFeeOptions,
} from '#systems/fees';
import { type Listening, listen } from '#testkit';

export interface EndpointOptions extends Partial<IdempotentFeeOptions<undefined>> {
  /** Planted in front of the endpoint. */
  readonly flaws?: readonly RequestHandler[];
  readonly keys?: IdempotencyStore<undefined>;
}

/** An endpoint that keeps every rule, but for what is planted. */
export async function openEndpoint(options: EndpointOptions = {}): Promise<Listening> {
  const { flaws = [], keys = createMemoryIdempotencyStore(), ...rest } = options;
  const accounts = createMemoryAccountStore({
    balancesCents: { alice: 100_000_00, bob: 500_00 },
    beforeDeducting: async () => {},
    keys,
  });
  const fees = createIdempotentFeeRouter({ accounts, ...rest });
  const open = createAccountRouter({ accounts });
  return await listen(createApp(open, ...flaws, fees));
}

/** Checks it by its balance, with few duplicates, and without a long wait for what may still come. */
export async function checked(
  { url }: Pick<Listening, 'url'>,
  options: Partial<CheckOptions> = {},
): Promise<CheckReport> {
  return await check({
    url: `${url}/idempotent/deduct-fee/order-1`,
    accountPath: '/accounts/{account}',
    duplicates: [5],
    settleMs: 5,
    ...options,
  });
}

export function broken({ rules }: CheckReport): readonly string[] {
  return rules.filter(({ verdict }) => verdict === 'broken').map(({ id }) => id);
}

/** The verdict on one rule, and what was seen. */
export function found({ rules }: CheckReport, id: string): string {
  const rule = rules.find((one) => one.id === id);
  return `${rule?.verdict}: ${rule?.seen}`;
}
