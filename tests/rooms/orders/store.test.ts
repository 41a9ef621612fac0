import { createMemoryOrders } from '#systems/orders';
import { storeContract } from './store-contract.ts';

storeContract('the store in memory', async (now = Date.now) => ({
  orders: createMemoryOrders({ now }),
  [Symbol.asyncDispose]: async () => {},
}));
