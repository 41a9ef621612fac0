import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { check } from '#check';
import { createMemoryIdempotencyStore } from '#idempotency';
import { listen } from '#testkit';
import { createAuthority } from '../temporal/certificates.ts';
import { broken, checked, found, openEndpoint } from './endpoint.ts';

describe('a check of somebody else’s endpoint', () => {
  it('counts by a number, sends bare keys under a name of their own, and finds what a map without care does', async () => {
    await using server = await listen(tenLines());

    const report = await check({
      url: `${server.url}/send`,
      keyHeader: 'X-Request-Id',
      bareKey: true,
      body: '{"to":"alice"}',
      countUrl: `${server.url}/count`,
      duplicates: [5],
      settleMs: 5,
      only: ['A04', 'A05', 'A06', 'A08', 'A09', 'C08'],
    });

    expect(found(report, 'A02')).toBe('held: the same answer; 0 effects');
    expect(found(report, 'A04')).toBe('held: twenty times the same answer; 1 effect');
    expect(found(report, 'A06')).toMatch(/^not testable: the body has no number as its amount/);
    expect(broken(report)).toEqual(['A03', 'A08', 'A09', 'C08']);
    expect(found(report, 'C08')).toBe('broken: 0 effects instead of 4');
  });

  it('says what cannot be known where no effect can be seen, and trusts answers that tell their keys', async () => {
    await using endpoint = await openEndpoint();

    const report = await checked(endpoint, { accountPath: undefined, only: ['A15', 'A22', 'B04'] });

    expect(found(report, 'A01')).toMatch(/^not testable: 200; its effects cannot be seen/);
    expect(found(report, 'A02')).toBe('held: the same answer (by the answers alone)');
    expect(found(report, 'A15')).toMatch(/^not testable: 3 clients left and came back/);
    expect(found(report, 'A22')).toMatch(/^not testable: no amount is known to be too much/);
    expect(found(report, 'B04')).toBe('held: refused: 404 (by the answers alone)');
    expect(found(report, 'D99')).toBe('not testable: not asked for');
  });

  it('waits for an effect that was promised with 202', async () => {
    let effects = 0;
    await using server = await listen((request, response) => {
      request.resume();
      if (request.method !== 'POST') return response.end(String(effects));
      setTimeout(() => (effects += 1), 20);
      return response.writeHead(202).end();
    });

    const report = await check({ url: server.url, countUrl: server.url, settleMs: 60, only: [] });

    expect(found(report, 'A01')).toBe('held: 202; 1 effect');
    expect(found(report, 'A02')).toBe('broken: 1 effect instead of 0');
  });

  it('is sent by TLS, to the name that the certificate has, and to no other', async () => {
    const authority = await createAuthority('authority');
    await using server = await listenTls(await authority.issue('server'), tenLines());
    const options = { body: '{}', keyHeader: 'X-Request-Id', bareKey: true, only: ['A10'] };

    const report = await check({ ...options, url: server.url, ca: authority.cert });

    expect(found(report, 'A10')).toBe('held: two answers (by the answers alone)');
    const unknown = check({ ...options, url: server.url });
    await expect(unknown).rejects.toThrow(
      /^Nobody answers at localhost:\d+: no connection \(.*certificate.*\): see --ca$/,
    );
  });
});

describe('a crowd', () => {
  it('has come with all but its last byte before the first of it is whole', async () => {
    const events: string[] = [];
    await using server = await listen((request, response) => {
      events.push('head');
      request.on('end', () => events.push('end')).resume();
      request.on('end', () => response.end('1'));
    });

    await check({ url: server.url, duplicates: [50], only: ['A05'] });

    // The three first requests are alone, and so is the one that asks what has become of the key.
    const crowd = events.slice(6, -2);
    expect(crowd.slice(0, 50).join(' '), 'the heads of fifty').toBe('head '.repeat(50).trim());
    expect(crowd.slice(50).join(' '), 'then their ends').toBe('end '.repeat(50).trim());
  });
});

describe('what a stranger has to be told', () => {
  it('another tenant: its answer is its own, or it is not', async () => {
    const options = {
      headers: ['Authorization: Bearer one'],
      tenantHeaders: ['Authorization: Bearer other'],
      only: ['A23'],
    };
    await using told = await openEndpoint({ tenant: (request) => request.get('authorization') });
    await using notTold = await openEndpoint();

    const apart = await checked(told, options);
    expect(found(apart, 'A23')).toBe(
      'held: two tenants, and the other one was served for itself; 1 effect',
    );
    const together = await checked(notTold, options);
    expect(found(together, 'A23')).toMatch(/^broken: the other tenant got the first one’s answer/);
  });

  it('a command that restarts the server: one that fails tells nothing', async () => {
    await using endpoint = await openEndpoint();

    const failed = await checked(endpoint, { restartCommand: 'exit 3', only: ['A24'] });

    expect(found(failed, 'A24')).toBe('not testable: the restart command ended with 3');
  });

  it('a retention: near its end the key is still known, or it is not', async () => {
    const options = { retentionSeconds: 0.1, only: ['A25'] };
    await using long = await openEndpoint();
    await using short = await openEndpoint({
      keys: createMemoryIdempotencyStore({ expiresAfterMs: 20 }),
    });

    expect(found(await checked(long, options), 'A25')).toMatch(
      /^held: the same answer after nearly/,
    );
    expect(found(await checked(short, options), 'A25')).toMatch(/; 1 effect instead of 0$/);
  });

  it('that it may take long: headers without an end are closed', async () => {
    const server = createServer(
      { headersTimeout: 100, connectionsCheckingInterval: 50 },
      tenLines(),
    );
    await using listening = await opened(server, 'http');

    const report = await check({ url: listening.url, body: '{}', slow: true, only: ['D08'] });

    expect(found(report, 'D08')).toBe('held: 408');
  });
});

/** Idempotent at first sight: an object for a table of keys, and no look at whether there is one. */
function tenLines(): RequestListener {
  const answers: Record<string, object> = {};
  let sent = 0;
  return (request, response) => {
    request.resume().once('end', () => {
      const key = String(request.headers['x-request-id']);
      const isWrite = request.method === 'POST';
      if (isWrite && !(key in answers)) answers[key] = { message_id: (sent += 1) };
      response.end(isWrite ? JSON.stringify(answers[key]) : String(sent));
    });
  };
}

async function listenTls(certificate: { cert: string; key: string }, app: RequestListener) {
  return await opened(createTlsServer(certificate, app), 'https');
}

async function opened(server: ReturnType<typeof createServer>, protocol: string) {
  await new Promise<void>((resolve) => void server.listen(0, 'localhost', resolve));
  return {
    url: `${protocol}://localhost:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
