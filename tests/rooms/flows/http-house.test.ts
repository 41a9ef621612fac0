import { v4 as uuid } from 'uuid';
import { describe, expect, vi } from 'vitest';
import { untilWaiting } from '#fixtures/flows/until-waiting';
import { concurrently } from '#testkit';
import { it } from '#testkit/vitest';
import { openFlowHouse } from './http-house.ts';
import { CART } from './http-routes.ts';

describe('a flow over HTTP', () => {
  it('that is started five times at once and answered twice sends one message and tells the creator once', async ({
    temporal,
  }) => {
    await using house = await openFlowHouse(temporal);
    const { start, signal, status } = house.stranger;
    const input = { cart_id: uuid(), total: 4.5 };
    const name = `abandoned_cart-${input.cart_id}`;
    const answer = { workflow_id: name, signal_id: 's1', payload: { stars: 5 } };

    const answers = await concurrently(5, () => start({ input }));
    await untilWaiting(house.flows, name, 'client-answered');
    const asked = await status(name);
    await signal(answer);
    await vi.waitFor(async () => expect((await status(name)).body.status).toBe('done'), PATIENCE);
    const repeated = await signal(answer);
    const late = await signal({ ...answer, signal_id: 's2' });
    const again = await start({ input });
    const other = await start({ input: { ...input, total: 5 } });
    const changed = await start({ input, definition: { ...CART, version: '2' } });
    const shown = await status(name);

    expect(answers.map((one) => one.status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.run_id)).size, 'distinct run IDs').toBe(1);
    // None, where the one who started it was told that Temporal is away, and asked again.
    const first = answers.filter(({ replayed }) => !replayed);
    expect(first.length, 'answers that were first').toBeLessThanOrEqual(1);
    expect(asked.body).toMatchObject({ status: 'running', flow: { current: 'answer' } });
    expect([repeated.status, repeated.replayed], 'the answer, repeated').toEqual([200, true]);
    expect([late.status, late.type], 'another answer').toEqual([409, 'flow-over']);
    expect([again.body.outcome, again.replayed]).toEqual(['replayed', true]);
    for (const { status: told, type } of [other, changed]) {
      expect([told, type]).toEqual([422, 'intent-mismatch']);
    }
    expect(shown.body).toMatchObject({ status: 'done', flow: { current: null } });
    const { visited } = shown.body.result as { readonly visited: readonly { step: string }[] };
    expect(visited.map(({ step }) => step)).toEqual(['ask', 'answer', 'tell']);
    const effects = await house.outbox.effects();
    expect(effects.map(({ kind }) => kind)).toEqual(['message', 'notification']);
  });

  it('of {} is a run each time, and both are found by their run IDs', async ({ temporal }) => {
    await using house = await openFlowHouse(temporal);
    const { start, signal, status } = house.stranger;

    const started = [await start({}), await start({})];
    const names = started.map(({ body }) => String(body.workflow_id));
    for (const name of names) await untilWaiting(house.flows, name, 'client-answered');
    const sent = await Promise.all(
      started.map(({ body }) =>
        // A run is found by its ID once the server has listed it.
        vi.waitFor(async () => {
          const told = await signal({ run_id: body.run_id, signal_id: 's1' });
          expect(told.status).toBe(200);
          return told;
        }, PATIENCE),
      ),
    );
    for (const name of names) {
      await vi.waitFor(async () => expect((await status(name)).body.status).toBe('done'), PATIENCE);
    }

    expect(started.map(({ body }) => body.outcome)).toEqual(['started', 'started']);
    expect(started.map(({ body }) => body.idempotent)).toEqual([false, false]);
    expect(sent.map(({ body }) => body.workflow_id)).toEqual(names);
    expect((await house.outbox.effects()).length, 'effects').toBe(2 * 2);
  });

  it('whose run nobody knows is not found, by either ID', async ({ temporal }) => {
    await using house = await openFlowHouse(temporal);
    const { signal, status } = house.stranger;

    const answers = [
      await status(`abandoned_cart-${uuid()}`),
      await signal({ workflow_id: `abandoned_cart-${uuid()}` }),
      await signal({ run_id: uuid() }),
      await signal({ run_id: 'x" OR RunId != "' }),
    ];

    expect(answers.map(({ type }) => type)).toEqual(answers.map(() => 'unknown-workflow'));
  });
});

const PATIENCE = { interval: 20, timeout: 20_000 };
