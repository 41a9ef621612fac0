import { describe, expect } from 'vitest';
import { loadConfig } from '#config';
import { startHttp } from '#server';
import { createMemoryAccountStore } from '#systems/fees';
import { it } from '#testkit/vitest';
import { clientOfNobody } from './house.ts';

describe('GET /health, which asks for no credentials', () => {
  it('is 200 where Temporal answers, and 503 where it is away', async ({ temporal }) => {
    await using nobody = await clientOfNobody();

    const well = await healthOf(temporal);
    const alone = await healthOf(nobody);

    expect(well).toEqual({ get: 200, head: 200, post: 405, allow: 'GET, HEAD', orders: 401 });
    expect(alone).toEqual({ ...well, get: 503, head: 503 });
  });
});

async function healthOf(temporal: Pick<Parameters<typeof startHttp>[0]['temporal'], 'client'>) {
  await using server = await startHttp({
    config: loadConfig({ PORT: '0' }),
    temporal,
    accounts: createMemoryAccountStore(),
    authenticate: () => undefined,
  });
  const ask = (method: string, path = '/health') => fetch(`${server.url}${path}`, { method });
  const post = await ask('POST');
  return {
    get: (await ask('GET')).status,
    head: (await ask('HEAD')).status,
    post: post.status,
    allow: post.headers.get('Allow'),
    orders: (await ask('GET', '/run/single/1')).status,
  };
}
