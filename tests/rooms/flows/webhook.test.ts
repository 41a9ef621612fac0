import express from 'express';
import { describe, expect, it } from 'vitest';
import { createApp } from '#http';
import { createWebhookClient, WebhookUnavailableError, WebhookUrlError } from '#systems/flows';
import { listen } from '#testkit';

describe('what a receiver answers to a webhook', () => {
  it.each([
    [200, { is: 'taken', status: 200 }],
    [204, { is: 'taken', status: 204 }],
    [400, { is: 'refused', status: 400 }],
    [401, { is: 'refused', status: 401 }],
    [403, { is: 'refused', status: 403 }],
    [404, { is: 'refused', status: 404 }],
    [422, { is: 'refused', status: 422 }],
  ])('is an answer: %i', async (status, told) => {
    await using receiver = await openReceiver(() => ({ status }));

    expect(await receiver.webhooks.post(WEBHOOK)).toEqual(told);
  });

  it.each([408, 409, 425, 429, 500, 503])(
    'says of %i nothing: it is asked again',
    async (status) => {
      await using receiver = await openReceiver(() => ({ status }));

      await expect(receiver.webhooks.post(WEBHOOK)).rejects.toThrow(WebhookUnavailableError);
    },
  );

  it.each([
    ['7', 7_000],
    ['999999', 3_600_000],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
  ])('names the time to come again: Retry-After: %s', async (header, retryAfterMs) => {
    await using receiver = await openReceiver(() => ({
      status: 429,
      headers: { 'Retry-After': header },
    }));

    await expect(receiver.webhooks.post(WEBHOOK)).rejects.toMatchObject({ retryAfterMs });
  });
});

describe('the URL that a definition names', () => {
  it('is called where its host is listed, without the credentials of another', async () => {
    await using other = await openReceiver(() => ({ status: 200 }));
    await using own = await openReceiver(() => ({ status: 200 }), [new URL(other.url).host]);

    await own.webhooks.post({ ...WEBHOOK, url: other.url });
    await own.webhooks.post(WEBHOOK);

    expect(other.received, 'credentials that a host of the list was sent').toEqual([undefined]);
    expect(own.received, 'credentials that our own was sent').toEqual(['Bearer ours']);
  });

  it('may be another path of our own host', async () => {
    await using own = await openReceiver(() => ({ status: 200 }));

    const told = await own.webhooks.post({ ...WEBHOOK, url: `${own.url}?of=ours` });

    expect(told.is).toBe('taken');
  });

  it('is not called where nobody has listed its host', async () => {
    await using other = await openReceiver(() => ({ status: 200 }));
    await using own = await openReceiver(() => ({ status: 200 }), ['hooks.example']);

    const told = own.webhooks.post({ ...WEBHOOK, url: other.url });

    await expect(told).rejects.toThrow(WebhookUrlError);
    expect(other.received, 'requests').toEqual([]);
  });
});

const WEBHOOK = {
  key: 'flow-1/tell#1',
  url: undefined,
  body: {},
  signal: new AbortController().signal,
};

interface Said {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** @param hosts whom a definition may name beside our own */
async function openReceiver(say: () => Said, hosts: readonly string[] = []) {
  const received: (string | undefined)[] = [];
  const routes = express.Router();
  routes.post('/hooks', (request, response) => {
    received.push(request.get('Authorization'));
    const { status, headers = {} } = say();
    response.status(status).set(headers).end();
  });
  const server = await listen(createApp(routes));
  const url = `${server.url}/hooks`;
  const headers = { Authorization: 'Bearer ours' };
  return {
    url,
    received,
    webhooks: createWebhookClient({ url, hosts, headers, timeoutMs: 5_000 }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
