import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { createBarrier, type Listening, listen, startProxy } from '#testkit';

describe('a proxy', () => {
  it('passes on requests and answers as they are, on a connection that is kept', async () => {
    await using shop = await openShop();
    await using proxy = await startProxy(shop);

    const sent = 'x'.repeat(1_000_000);
    const first = await fetch(proxy.through(shop.url), { method: 'POST', body: sent });
    const second = await fetch(proxy.through(`${shop.url}/`), { method: 'POST', body: 'y' });

    expect(await first.text()).toBe(sent);
    expect(await second.text()).toBe('y');
    expect(proxy.lostAnswers, 'lost answers').toBe(0);
  });

  it('gives the same URL through itself', async () => {
    await using proxy = await startProxy({ host: '127.0.0.1', port: 5432 });

    expect(proxy.through('postgres://postgres:secret@localhost:5432/books?ssl=false')).toBe(
      `postgres://postgres:secret@127.0.0.1:${proxy.port}/books?ssl=false`,
    );
    expect(proxy.through('http://localhost:8081')).toBe(`http://127.0.0.1:${proxy.port}`);
  });

  it('cuts a client off where its server is away', async () => {
    const shop = await openShop();
    await using proxy = await startProxy(shop);
    await shop[Symbol.asyncDispose]();

    await expect(fetch(proxy.through(shop.url))).rejects.toThrow('fetch failed');
  });
});

describe('a lost answer', () => {
  it('is one that the server has given: it sold twice, and the client heard once', async () => {
    await using shop = await openShop();
    await using proxy = await startProxy(shop);
    proxy.loseAnswerTo((bytes) => bytes.includes('POST /coffee'));
    const buy = (what: string) => fetch(proxy.through(`${shop.url}/${what}`), { method: 'POST' });

    expect((await buy('tea')).status, 'another request').toBe(200);
    await expect(buy('coffee')).rejects.toThrow('fetch failed');
    expect((await buy('coffee')).status, 'the second try').toBe(200);

    expect(shop.sold, 'what was sold').toEqual(['/tea', '/coffee', '/coffee']);
    expect(proxy.lostAnswers, 'lost answers').toBe(1);
  });

  it('is found although its request comes in two pieces', async () => {
    await using shop = await openShop();
    await using proxy = await startProxy(shop);
    proxy.loseAnswerTo((bytes) => bytes.includes('one coffee'), { times: 2 });

    const buy = () => postInTwo(proxy.through(shop.url), 'one cof', 'fee', shop.next('asked'));
    await expect(buy()).rejects.toThrow('ECONNRESET');
    await expect(buy()).rejects.toThrow('ECONNRESET');
    expect(await buy()).toBe('one coffee');

    expect(shop.sold.length, 'what was sold').toBe(3);
    expect(proxy.lostAnswers, 'lost answers').toBe(2);
  });
});

describe('a delay', () => {
  it('holds back what is said from now on, and nothing when it is taken away', async () => {
    await using shop = await openShop();
    await using proxy = await startProxy(shop);
    proxy.delay(3_600_000);
    let isAnswered = false;
    const hasSold = shop.next('sold');
    const delayed = fetch(proxy.through(shop.url)).finally(() => (isAnswered = true));
    delayed.catch(() => {});
    await hasSold;

    // The shop answers others meanwhile, so its answer to the first one is on its way.
    for (const other of ['/tea', '/coffee', '/milk']) await fetch(shop.url + other);
    proxy.delay(0);
    expect((await fetch(proxy.through(shop.url))).status, 'one that was asked later').toBe(200);

    expect(isAnswered, 'the first was answered').toBe(false);
  });

  it('keeps the order of what is said, although it is taken away in between', async () => {
    const [hasBegun, mayEnd] = [createBarrier(1), createBarrier(1)];
    await using other = await openShop();
    await using slow = await listen((_request, response) => {
      response.write('one, ', () => void hasBegun.arrive());
      void mayEnd.opened.then(() => response.end('two'));
    });
    await using proxy = await startProxy({
      host: '127.0.0.1',
      port: Number(new URL(slow.url).port),
    });
    proxy.delay(200);
    const answer = fetch(proxy.through(slow.url));
    await hasBegun.opened;
    await fetch(other.url); // Meanwhile the first piece is at the proxy.

    proxy.delay(0);
    await mayEnd.arrive();

    expect(await (await answer).text()).toBe('one, two');
  });
});

describe('a cut', () => {
  it('ends what is under way and what comes, until it is restored', async () => {
    const neverAnswered = createBarrier(1);
    await using shop = await openShop(() => neverAnswered.opened);
    await using proxy = await startProxy(shop);
    const hasSold = shop.next('sold');
    const underWay = fetch(proxy.through(shop.url));
    underWay.catch(() => {});
    await hasSold;

    proxy.cut();
    await expect(underWay).rejects.toThrow('fetch failed');
    await expect(fetch(proxy.through(shop.url))).rejects.toThrow('fetch failed');

    proxy.restore();
    await neverAnswered.arrive();
    expect((await fetch(proxy.through(shop.url))).status).toBe(200);
    expect(shop.sold.length, 'requests that arrived').toBe(2);
  });
});

interface Shop extends Listening {
  readonly host: string;
  readonly port: number;
  readonly sold: readonly string[];
  /** A request has begun to arrive; what it asks for is sold, and not yet answered. */
  next(event: 'asked' | 'sold'): Promise<unknown>;
}

/** Sells what it is asked for, and then answers with the body that it got. */
async function openShop(beforeAnswering = async () => {}): Promise<Shop> {
  const sold: string[] = [];
  const events = new EventEmitter();
  const sell = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    request.once('data', () => events.emit('asked'));
    const body = await request.toArray();
    sold.push(request.url ?? '');
    events.emit('sold');
    await beforeAnswering();
    response.end(Buffer.concat(body));
  };
  const listening = await listen((request, response) => void sell(request, response));
  const { hostname, port } = new URL(listening.url);
  const next = (event: string) => once(events, event);
  return { ...listening, host: hostname, port: Number(port), sold, next };
}

/** Posts the first half, and the second half when the first one has arrived. */
function postInTwo(
  url: string,
  firstHalf: string,
  secondHalf: string,
  hasArrived: Promise<unknown>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': firstHalf.length + secondHalf.length };
    const sending = http.request(url, { method: 'POST', headers, agent: false }, (response) => {
      response.toArray().then((chunks) => resolve(Buffer.concat(chunks).toString()), reject);
    });
    sending.on('error', (error: NodeJS.ErrnoException) => reject(new Error(error.code)));
    sending.write(firstHalf);
    void hasArrived.then(() => sending.end(secondHalf));
  });
}
