import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type CheckOptions, type CheckReport, check } from '#check';
import { listen } from '#testkit';
import { broken, checked, found, openEndpoint } from './endpoint.ts';

describe('a verdict', () => {
  it('is given on nothing that was not asked, where the server goes away after thirty requests', async () => {
    let posts = 0;
    const server = createServer(
      keeping(() => {
        posts += 1;
        if (posts > 30) server.close().closeAllConnections();
        return posts > 30 ? 'silence' : undefined;
      }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;

    const report = await look(`http://127.0.0.1:${port}`, { timeoutMs: 500 });

    expect(found(report, 'D99')).toMatch(/^broken: .+no answer \(no connection\)/);
    for (const id of ['A05', 'A18', 'B01', 'B15', 'B17', 'C01', 'C05', 'D01']) {
      expect(found(report, id), `rule ${id}`).toBe('not testable: nobody listens there any more');
    }
    expect(found(report, 'D05')).toBe('held: 30 answers');
  });

  it('on the server itself needs no balance: one that has gone away is not alive', async () => {
    let posts = 0;
    const server = createServer(
      keeping(() => {
        posts += 1;
        if (posts === 4) server.close().closeAllConnections();
        return undefined;
      }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;

    const report = await look(url, { countUrl: url, timeoutMs: 500 });

    expect(found(report, 'D99')).toMatch(/^broken: .+no answer \(no connection\)/);
    expect(report.brokenMusts, 'broken MUSTs').toBeGreaterThan(0);
  });

  it('is none on an account that has run out of money', async () => {
    await using endpoint = await openEndpoint();

    const report = await checked(endpoint, { body: '{"account_id":"alice","amount":4500}' });

    expect(broken(report)).toEqual([]);
    expect(found(report, 'A04')).toMatch(/^held/);
    expect(found(report, 'A05')).toBe('not testable: the money is spent: pay in');
  });

  it('is no refusal where a server is silent', async () => {
    await using server = await listen(
      keeping(({ headers }) => (headers['transfer-encoding'] ? 'silence' : undefined)),
    );

    const report = await look(server.url, { timeoutMs: 500, only: ['B15'] });

    expect(found(report, 'B15')).toBe(
      'broken: 10 MiB in chunks was answered no answer (timed out)',
    );
  });

  it('asks for one answer at last, of an endpoint that says 409 for ever', async () => {
    let posts = 0;
    await using server = await listen(
      keeping(() => {
        posts += 1;
        return posts > 3 ? 409 : undefined;
      }),
    );

    const report = await look(server.url, { timeoutMs: 300, only: ['A05', 'A18'] });

    expect(found(report, 'A05')).toMatch(/^broken: 5 at once: .*the next replay was answered /);
    expect(found(report, 'A18')).toMatch(/^broken: .*the next replay was answered /);
  });

  it('sees a leak between two tenants of one account, although no header marks a replay', async () => {
    await using server = await listen(keeping());

    const report = await look(server.url, {
      countUrl: server.url,
      tenantHeaders: ['Authorization: Bearer other'],
      only: ['A23'],
    });

    expect(found(report, 'A23')).toBe(
      'broken: the other tenant got the first one’s answer; 0 effects instead of 1',
    );
  });

  it('is none on another amount, or another account, that is refused under any key', async () => {
    await using server = await listen(
      keeping((_request, body) => (/"alice","amount":10}/.test(body) ? undefined : 422)),
    );

    const report = await look(server.url, { only: ['A06', 'A07'] });

    expect(found(report, 'A06')).toMatch(/^not testable: 11 is answered 422 under a new key too/);
    expect(found(report, 'A07')).toMatch(
      /^not testable: "bob" is answered 422 under a new key too: .+--other-account$/,
    );
  });

  it('tells names that an earlier check has used from names that nobody can use', async () => {
    await using endpoint = await openEndpoint();
    const only = ['C08'];
    expect(found(await checked(endpoint, { only }), 'C08')).toMatch(/^held/);

    const again = await checked(endpoint, { only, body: '{"account_id":"alice","amount":9}' });
    expect(found(again, 'C08')).toBe('not testable: an earlier check has used these keys');

    await using careless = await listen(
      keeping(({ headers }) => {
        return String(headers['idempotency-key']).slice(1, -1) in {} ? 422 : undefined;
      }),
    );
    expect(found(await look(careless.url, { only }), 'C08')).toMatch(
      /^broken: the first use of __proto__ was answered 422/,
    );
  });

  it('is none on a restart that no connection has felt', async () => {
    const lines = keeping();
    const server = createServer((request, response) => {
      if (request.url === '/restart') server.closeAllConnections();
      else lines(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await using _closing = {
      [Symbol.asyncDispose]: async () => server.close().closeAllConnections(),
    };
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const only = ['A24'];

    const none = await look(url, { only, restartCommand: 'true' });
    expect(found(none, 'A24')).toMatch(/^not testable: a connection has outlived/);
    const restartCommand = `${process.execPath} -e "fetch('${url}/restart').catch(() => {})"`;
    const real = await look(url, { only, restartCommand });
    expect(found(real, 'A24')).toBe(
      'held: the same answer after its restart (by the answers alone)',
    );
  });

  it('on a length that is too much is held by 413 alone', async () => {
    await using server = await listen(keeping());

    const report = await look(server.url, { only: ['B14'] });

    expect(found(report, 'B18')).toBe('broken: before the body it was answered 500');
    expect(broken(report)).toContain('B14');
  });
});

async function look(url: string, options: Partial<CheckOptions>): Promise<CheckReport> {
  return await check({ url, duplicates: [5], settleMs: 5, ...options });
}

type Way = number | 'silence' | undefined;

/** Keeps each key's answer, and tells how many there are; but for what is answered in another way. */
function keeping(wayOf: (request: IncomingMessage, body: string) => Way = () => undefined) {
  const kept = new Map<unknown, string>();
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (Number(request.headers['content-length']) > 1e6) return void response.writeHead(500).end();
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      if (request.method === 'GET') return response.end(String(kept.size));
      const way = wayOf(request, body);
      if (way === 'silence') return undefined;
      if (way !== undefined) return response.writeHead(way).end();
      const key = request.headers['idempotency-key'];
      if (!kept.has(key)) kept.set(key, `{"number":${kept.size + 1}}`);
      return response.end(kept.get(key));
    });
  };
}
