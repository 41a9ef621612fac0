import { createMemoryIdempotencyStore } from '#idempotency';
import { idempotencyStoreContract } from './store-contract.ts';

idempotencyStoreContract('the store in memory', 'keeps in flight', async (options) => {
  const effects: string[] = [];
  return {
    store: createMemoryIdempotencyStore(options),
    act: async ({ key }) => void effects.push(key),
    effects: async () => [...effects],
    async [Symbol.asyncDispose]() {},
  };
});
