import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createApp } from '#http';
import { createAccountRouter, createMemoryAccountStore } from '#systems/fees';

function setUp() {
  const accounts = createMemoryAccountStore({ balancesCents: { alice: 1_000_00 } });
  const app = createApp(createAccountRouter({ accounts }));
  const post = (path: string, body: string | object) =>
    request(app).post(path).set('Content-Type', 'application/json').send(body);
  return { accounts, app, post };
}

describe('the accounts', () => {
  it('are opened and shown', async () => {
    const { app, post } = setUp();

    const opened = await post('/accounts', { account_id: 'bob & søn', balance: 12.5 });

    expect(opened.status).toBe(201);
    expect(opened.headers.location).toBe('/accounts/bob%20%26%20s%C3%B8n');
    expect(opened.body).toEqual({ account_id: 'bob & søn', balance: 12.5 });
    const shown = await request(app).get(String(opened.headers.location));
    expect({ status: shown.status, body: shown.body }).toEqual({ status: 200, body: opened.body });
  });

  it('may be opened with nothing in them', async () => {
    const { post } = setUp();

    expect((await post('/accounts', { account_id: 'bob', balance: 0 })).status).toBe(201);
  });

  it('are not opened twice', async () => {
    const { accounts, post } = setUp();

    const { status, body } = await post('/accounts', { account_id: 'alice', balance: 1 });

    expect({ status, type: body.type }).toEqual({
      status: 409,
      type: 'urn:press-twice:problem:account-exists',
    });
    expect((await accounts.get('alice')).balanceCents).toBe(1_000_00);
  });

  it.each(['-1', '"1"', 'null', '0.001', '1e1', '10000000000000'])(
    'are not opened with a balance of %s',
    async (balance) => {
      const { post } = setUp();

      const { status, body } = await post('/accounts', `{"account_id":"bob","balance":${balance}}`);

      expect({ status, type: body.type }).toEqual({
        status: 400,
        type: 'urn:press-twice:problem:bad-balance',
      });
    },
  );

  it.each([
    ['/accounts/bob', 404],
    ['/accounts/__proto__', 404],
    ['/accounts/%20', 400],
    ['/accounts/a%2Fb', 400],
    ['/accounts/a/b', 400],
  ])('are not found under %s', async (path, status) => {
    const { app } = setUp();

    expect((await request(app).get(path)).status).toBe(status);
  });

  it('allow POST to all of them and GET of one', async () => {
    const { app } = setUp();

    expect((await request(app).get('/accounts')).headers.allow).toBe('POST');
    expect((await request(app).delete('/accounts/alice')).headers.allow).toBe('GET, HEAD');
    expect((await request(app).head('/accounts/alice')).status).toBe(200);
  });
});
