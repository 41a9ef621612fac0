import { v4 as uuid } from 'uuid';
import { describe, expect, vi } from 'vitest';
import { it } from '#testkit/vitest';
import { openFlowHouse } from './http-house.ts';

const TENANTS = ['north', 'south'];
const PATIENCE = { interval: 20, timeout: 20_000 };

describe('two tenants of a house', () => {
  it('have flows of their own under the same name, and reach none of each other', async ({
    temporal,
  }) => {
    await using house = await openFlowHouse(temporal, { tenants: TENANTS });
    const [north, south] = [house.as('north'), house.as('south')];
    const input = { cart_id: uuid() };
    const name = `abandoned_cart-${input.cart_id}`;

    const ofNorth = await north.start({ input });
    const runId = ofNorth.body.run_id;
    const answer = { run_id: runId, signal_id: 's1' };
    // What north is found by is not found for south.
    const answered = await vi.waitFor(async () => {
      const told = await north.signal(answer);
      expect(told.status).toBe(200);
      return told;
    }, PATIENCE);
    const unknown = [
      await south.status(name),
      await south.signal({ ...answer, workflow_id: name }),
      await south.signal({ workflow_id: name }),
      await south.signal(answer),
    ];
    const ofSouth = await south.start({ input: { ...input, total: 7 } });
    const others = await south.signal({ ...answer, workflow_id: name });
    await vi.waitFor(
      async () => expect((await north.status(name)).body.status).toBe('done'),
      PATIENCE,
    );
    const shown = await south.status(name);

    expect(unknown.map(({ type }) => type)).toEqual(unknown.map(() => 'unknown-workflow'));
    for (const { body } of [ofNorth, ofSouth]) {
      expect(body).toMatchObject({ workflow_id: name, outcome: 'started' });
    }
    expect([others.status, others.type]).toEqual([409, 'not-the-current-run']);
    expect(shown.body).toMatchObject({ status: 'running', flow: { signals: [] } });
    for (const { text } of [ofNorth, answered, ofSouth, others, shown, ...unknown]) {
      expect(text).not.toMatch(/north|south|~/);
    }
  });

  it('have keys of their own', async ({ temporal }) => {
    await using house = await openFlowHouse(temporal, { tenants: TENANTS });
    const input = { cart_id: uuid() };
    const name = `abandoned_cart-${input.cart_id}`;

    for (const tenant of TENANTS) await house.as(tenant).start({ input });
    const effects = await vi.waitFor(async () => {
      const sent = await house.outbox.effects();
      expect(sent).toHaveLength(TENANTS.length);
      return sent;
    }, PATIENCE);

    const keys = effects.map(({ key, tenant }) => ({ key, tenant }));
    for (const tenant of TENANTS) {
      expect(keys).toContainEqual({ key: `${tenant}~${name}/ask#1`, tenant });
    }
  });

  it('are nobody without their tokens', async ({ temporal }) => {
    await using house = await openFlowHouse(temporal, { tenants: TENANTS });
    const { start, signal, status, get } = house.stranger;

    const answers = [
      await start({}),
      await signal({ workflow_id: 'w1' }),
      await status('w1'),
      await get('/nodes'),
      await get('/flows'),
    ];

    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 401));
  });
});

describe('the limit of a house', () => {
  it('counts names that are new, a made-up one among them, and nothing else', async ({
    temporal,
  }) => {
    await using house = await openFlowHouse(temporal, { newKeysPerMinute: 2 });
    const { start, signal, status, get } = house.stranger;
    const [one, two] = [{ input: { cart_id: uuid() } }, { input: { cart_id: uuid() } }];

    const first = [await start(one), await start({})];
    const refused = [await start(two), await start({})];
    const workflow_id = first[0]?.body.workflow_id as string;
    const others = [
      await start(one),
      await start(one),
      await signal({ workflow_id, signal_id: 's1' }),
      await status(workflow_id),
      await get('/flows'),
    ];

    expect(first.map(({ body }) => body.outcome)).toEqual(['started', 'started']);
    expect(refused.map(({ type }) => type)).toEqual(['too-many-new-keys', 'too-many-new-keys']);
    expect(others.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200]);
    const unused = `abandoned_cart-${two.input.cart_id}`;
    expect((await status(unused)).status, 'the name is not used up').toBe(404);
  });
});
