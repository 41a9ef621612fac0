import { describe, expect, it } from 'vitest';
import { createApp } from '#http';
import {
  createMemoryAccountStore,
  createNaiveFeeRouter,
  postDurableFee,
  postNaiveFee,
} from '#systems/fees';
import { listen } from '#testkit';
import { appOfStart, done, RESULT, started } from './routes-of.ts';

function naiveApp() {
  const accounts = createMemoryAccountStore({
    balancesCents: { alice: 1_000_00 },
    beforeDeducting: async () => {},
  });
  return createApp(createNaiveFeeRouter({ accounts }));
}

describe('the client of the naive endpoint', () => {
  it('hands over what it got, refusals too', async () => {
    await using server = await listen(naiveApp());
    const fee = { orderId: 'order é', accountId: 'alice', amountCents: 999_99 };

    const first = await postNaiveFee(server.url, fee);
    const second = await postNaiveFee(server.url, fee);

    expect(first).toMatchObject({ status: 200, replayed: false, body: { new_balance: 0.01 } });
    expect(second).toMatchObject({ status: 422, replayed: false, body: { success: false } });
  });

  it('uses a connection of its own for each request, also for one after the other', async () => {
    const app = naiveApp();
    const ports = new Set<number | undefined>();
    await using server = await listen((incoming, response) => {
      ports.add(incoming.socket.remotePort);
      app(incoming, response);
    });

    for (const orderId of ['order-1', 'order-2', 'order-3', 'order-4', 'order-5']) {
      await postNaiveFee(server.url, { orderId, accountId: 'alice', amountCents: 1 });
    }

    expect(ports.size, 'connections').toBe(5);
  });

  it('throws where there is no answer', async () => {
    const url = await closedUrl();

    const lost = postNaiveFee(url, { orderId: 'order-1', accountId: 'alice', amountCents: 1 });

    await expect(lost).rejects.toThrow('fetch failed');
  });
});

describe('the client of the durable endpoint', () => {
  it('hands over what it got, and whether it was the answer to an earlier request', async () => {
    await using server = await listen(appOfStart(started('joined', done)));
    const fee = { orderId: 'order 1', accountId: 'alice', amountCents: 50_00 };

    const answer = await postDurableFee(server.url, fee);

    expect(answer).toEqual({ status: 200, replayed: true, body: RESULT });
  });
});

async function closedUrl(): Promise<string> {
  await using server = await listen(naiveApp());
  return server.url;
}
