import { describe, expect, it } from 'vitest';
import { type CheckOptions, check } from '#check';
import { findPlace } from '#check/place';
import { createWire } from '#check/wire/connection';
import { listen } from '#testkit';
import { checked, openEndpoint } from './endpoint.ts';

const FOREIGN = '192.0.2.1'; // For documentation: nobody has it (RFC 5737).

describe('a check of an endpoint that is not on this machine', () => {
  it.each([
    ['an address', `http://${FOREIGN}/pay`, [FOREIGN]],
    ['a name of one elsewhere', 'http://localhost.example/pay', [FOREIGN]],
    ['a name of one here and one elsewhere', 'http://both.example/pay', ['127.0.0.1', FOREIGN]],
    ['an IPv6 address in brackets', 'http://[2001:db8::1]/pay', ['2001:db8::1']],
    ['an IPv4 address in IPv6', 'http://[::ffff:c000:201]/pay', ['::ffff:c000:201']],
    ['the address of all interfaces', 'http://0.0.0.0/pay', ['0.0.0.0']],
  ])('is refused for %s, unless somebody says that it is theirs', async (_what, url, addresses) => {
    const resolve = async () => addresses;

    const refused = findPlace(url, { iOwnThis: false, resolve });
    await expect(refused).rejects.toMatchObject({
      name: 'NotYoursError',
      message: expect.stringContaining('--i-own-this'),
    });
    const { place } = await findPlace(url, { iOwnThis: true, resolve });
    expect(place.addresses, 'where it then goes').toEqual(addresses);
  });

  it('is refused for the URL of the count as well, and for an account path elsewhere', async () => {
    await using endpoint = await openEndpoint();

    for (const elsewhere of [
      { accountPath: undefined, countUrl: `http://${FOREIGN}/count` },
      { accountPath: `http://${FOREIGN}/accounts/{account}` },
    ]) {
      await expect(checked(endpoint, elsewhere)).rejects.toMatchObject({ name: 'NotYoursError' });
    }
    expect(endpoint.requestCount(), 'requests').toBe(0);
  });

  it.each(['127.0.0.1', '127.9.9.9', '[::1]', '[::ffff:127.0.0.1]'])(
    'is none at %s',
    async (host) => {
      const { place } = await findPlace(`https://${host}/a?b={key}`, { iOwnThis: false });

      expect(place).toMatchObject({ port: 443, tls: { name: '' } });
    },
  );
});

describe('a name with several addresses', () => {
  it('is where one of them answers: `localhost` need not be the address that a server listens at', async () => {
    await using server = await listen((_request, response) => response.end('1'));
    const { port } = new URL(server.url);
    const addresses = ['::1', '127.0.0.1'];
    using wire = createWire(
      { name: 'localhost', addresses, port: Number(port) },
      1_000,
      new AbortController().signal,
    );

    using connection = await wire.connect();
    await connection.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');

    expect(await connection.answer()).toMatchObject({ status: 200 });
  });
});

describe('a check that cannot be made', () => {
  it.each<[what: string, options: Partial<CheckOptions>, message: RegExp]>([
    ['no URL', { url: 'localhost:8081/pay' }, /^No URL: /],
    ['a password in it', { url: 'http://me:secret@127.0.0.1/' }, /^The URL holds a password/],
    ['a body that is no JSON', { body: '{"amount":' }, /^The body is no JSON: {"amount":$/],
    ['a body that is no object', { body: '[10]' }, /^The body is no JSON object: \[10\]$/],
    ['a header without a name', { headers: ['Bearer abc'] }, /^No header: "Bearer abc"/],
    ['a header of two lines', { headers: ['A: b\r\nC: d'] }, /^No header: /],
    ['a key in two places', { url: 'http://[::1]/{key}', keyHeader: 'Key' }, /^The key stands in/],
    ['one duplicate', { duplicates: [1] }, /^1 duplicates: a whole number from 2 to 2000$/],
    ['a rule that nobody knows', { only: ['A99'] }, /^No rule A99: rules are called A01 to D99$/],
    ['two ways to see effects', { accountPath: '/a', countUrl: 'http://[::1]/' }, /not by both$/],
  ])('says so for %s, and asks nobody', async (_what, options, message) => {
    await expect(check({ url: 'http://127.0.0.1:9/', ...options })).rejects.toMatchObject({
      name: 'BadOptionError',
      message: expect.stringMatching(message),
    });
  });

  it('names the answer that its first request got', async () => {
    await using endpoint = await openEndpoint();

    await expect(checked(endpoint, { body: '{"account_id":"bob","amount":501}' })).rejects.toThrow(
      /^The first request was answered 422 \(Account "bob" holds 500\.00, less than .+\): the check needs one that succeeds/,
    );
    await expect(checked(endpoint, { accountPath: '/account' })).rejects.toThrow(
      'No balance at /account: status 404',
    );
  });

  it('names what answers there, if anything does', async () => {
    const { url } = await closed();
    await expect(check({ url })).rejects.toThrow(
      /^Nobody answers at 127\.0\.0\.1:\d+: no connection \(connect ECONNREFUSED .+\)$/,
    );

    await using silent = await listen(() => {});
    await expect(check({ url: silent.url, timeoutMs: 50 })).rejects.toThrow(
      /no answer within 50 ms$/,
    );
  });
});

/** A port on which nobody listens any more. */
async function closed() {
  await using server = await listen(() => {});
  return { url: server.url };
}
