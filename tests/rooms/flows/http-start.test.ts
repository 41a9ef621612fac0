import { describe, expect, it } from 'vitest';
import { IntentMismatchError } from '#idempotency';
import { TemporalUnavailableError } from '#temporal';
import { appOf, CART, ORDER_FLOW, PROBLEM, post, RUN_ID, starting } from './http-routes.ts';

const C1 = { input: { cart_id: 'c1' } };
const start = (app: ReturnType<typeof appOf>, body: string | object, headers = {}) =>
  post(app, '/start-workflow', body, headers);

describe('POST /start-workflow', () => {
  it('starts the flow of the catalog that it names, and answers with the name of the run', async () => {
    const { app, asked } = starting();

    const { status, body, headers } = await start(app, { flow: CART.name, ...C1 });

    expect({ status, body }).toEqual({
      status: 200,
      body: {
        workflow_id: 'abandoned_cart-c1',
        run_id: RUN_ID,
        outcome: 'started',
        idempotent: true,
        message: 'Workflow started successfully',
      },
    });
    expect(headers).not.toHaveProperty('idempotent-replayed');
    expect(asked).toEqual([{ name: 'abandoned_cart-c1', definition: CART, ...C1 }]);
  });

  it.each(['joined', 'replayed'] as const)('marks the answer of a run that was %s', async (how) => {
    const { status, body, headers } = await start(starting(how).app, C1);

    expect({ status, outcome: body.outcome }).toEqual({ status: 200, outcome: how });
    expect(headers['idempotent-replayed']).toBe('true');
  });

  it('starts a definition of the client’s own, under its name', async () => {
    const { app, asked } = starting();
    const { version: _, ...definition } = ORDER_FLOW;

    const { body } = await start(app, { definition: { ...definition, name: 'mine' }, ...C1 });

    expect(body.workflow_id).toBe('mine-c1');
    expect(asked[0]?.definition).toEqual({ ...ORDER_FLOW, name: 'mine', version: '1' });
  });

  it('of {} starts abandoned_cart twice, and says that nothing names the run', async () => {
    const { app, asked } = starting();

    const answers = [await start(app, {}), await start(app, {})];

    expect(asked.map(({ definition }) => definition.name)).toEqual(Array(2).fill(CART.name));
    expect(answers.map(({ body }) => body.idempotent)).toEqual([false, false]);
    expect(new Set(asked.map(({ name }) => name)).size, 'different names').toBe(2);
  });

  it('says how to ask again without a second run where nobody had named the first, and Temporal is away', async () => {
    const { app, asked } = starting(new TemporalUnavailableError());

    const unnamed = await start(app, {});
    const named = await start(app, C1);

    expect([unnamed.status, named.status]).toEqual([503, 503]);
    expect(Number(unnamed.headers['retry-after'])).toBeGreaterThan(0);
    expect(unnamed.body.detail).toContain(`"workflow_id": "${asked[0]?.name}"`);
    expect(named.body.detail).toMatch(/send the same request again$/);
  });

  it('answers another use of the name with 422, and names no tenant', async () => {
    const { app } = starting(new IntentMismatchError('north~abandoned_cart-c1', 'input'));

    const { status, body, text } = await start(app, C1);

    expect({ status, type: body.type }).toEqual({ status: 422, type: `${PROBLEM}intent-mismatch` });
    expect(text).not.toMatch(/north/);
  });

  it('tells the operator of its own faults, and the client nothing of them', async () => {
    const fault = new Error('unforeseen');
    const { app, told } = starting(fault);

    const { status, text } = await start(app, C1);

    expect(status).toBe(500);
    expect(text).not.toContain('unforeseen');
    expect(told).toEqual([{ event: 'broke', error: fault }]);
  });
});

describe('the run of POST /start-workflow', () => {
  const nameOf = async (body: object, keys: string | string[] | undefined) => {
    const { app, asked } = starting();
    const headers = keys === undefined ? {} : { 'Idempotency-Key': keys };
    const { status, body: told } = await start(app, body, headers);
    return asked[0]?.name ?? `${status} ${String(told.type).replace(PROBLEM, '')}`;
  };

  it.each([
    ['its workflow_id, first of all', { workflow_id: 'w1', ...C1 }, 'k1', 'w1'],
    ['its cart_id, before a key', C1, 'k1', 'abandoned_cart-c1'],
    ['its key', {}, '"k1"', 'abandoned_cart-k1'],
    [
      'its order_id, where the flow is about one',
      { flow: ORDER_FLOW.name, input: { order_id: 'A12' } },
      undefined,
      'order_follow_up-A12',
    ],
  ])('is named after %s', async (_what, body, key, name) => {
    expect(await nameOf(body, key)).toBe(name);
  });

  it.each<[string, object, string | string[] | undefined, string]>([
    ['a workflow_id that is null', { workflow_id: null, ...C1 }, undefined, 'bad-workflow-id'],
    ['a workflow_id with a tenant', { workflow_id: 'north~w1' }, undefined, 'bad-workflow-id'],
    ['a cart_id that is null', { input: { cart_id: null } }, 'k1', 'bad-cart-id'],
    ['a cart_id that is a number', { input: { cart_id: 7 } }, 'k1', 'bad-cart-id'],
    ['a cart_id with a tenant', { input: { cart_id: 'north~c1' } }, undefined, 'bad-cart-id'],
    [
      'a cart_id with which it cannot be asked for',
      { input: { cart_id: 'c'.repeat(255) } },
      undefined,
      'bad-workflow-id',
    ],
    ['two keys', C1, ['k1', 'k2'], 'bad-idempotency-key'],
    ['a key with a slash', {}, 'k/1', 'bad-idempotency-key'],
  ])('is not named after %s', async (_what, body, key, type) => {
    expect(await nameOf(body, key)).toBe(`400 ${type}`);
  });
});

describe('POST /start-workflow starts nothing for', () => {
  it('a definition that cannot be run, and names every problem with its place', async () => {
    const steps = { one: { node: 'nap', go_to: 'two' }, three: { node: 'send_message' } };
    const definition = { name: 'mine', start_step: 'one', steps };

    const { status, body } = await start(appOf(), { definition });

    expect({ status, type: body.type }).toEqual({ status: 422, type: `${PROBLEM}invalid-flow` });
    expect(body.problems).toEqual([
      {
        message: "invalid node name 'nap' in step 'one': node is not registered",
        path: ['steps', 'one', 'node'],
      },
      { message: 'step definition not found: two', path: ['steps', 'one', 'go_to'] },
      { message: 'step is never reached: three', path: ['steps', 'three'] },
    ]);
  });

  it.each<[string, object, number, string]>([
    ['a flow that is in no catalog', { flow: 'winback' }, 404, 'unknown-flow'],
    ['a flow that is no name', { flow: 7 }, 400, 'bad-flow'],
    [
      'a flow and a definition of two names',
      { flow: CART.name, definition: ORDER_FLOW },
      400,
      'bad-flow',
    ],
    ['a definition that is null', { definition: null }, 422, 'invalid-flow'],
    ['an input that is a list', { input: ['c1'] }, 400, 'bad-input'],
    ['an input that is null', { input: null }, 400, 'bad-input'],
    ['an input that is a number', { input: 7 }, 400, 'bad-input'],
    ['a text with half of a character', { input: { note: '\ud83d' } }, 400, 'bad-input'],
    ['a text with a NUL', { input: { 'a\0b': 1 } }, 400, 'bad-input'],
  ])('%s', async (_what, body, status, type) => {
    const answer = await start(appOf(), body);

    expect({ status: answer.status, type: answer.body.type }).toEqual({
      status,
      type: `${PROBLEM}${type}`,
    });
  });

  it.each([
    ['nothing', '', 400],
    ['an array', '[]', 400],
    ['a member that would be a prototype', '{"input":{"__proto__":{"cart_id":"c1"}}}', 400],
    ['a body over a MiB', `{"input":{"note":"${'x'.repeat(1024 * 1024)}"}}`, 413],
    [
      'numbers that are over a MiB when they are written out',
      `{"input":{"all":[${Array(60_000).fill('1e20').join()}]}}`,
      413,
    ],
  ])('%s', async (_what, body, status) => {
    expect((await start(appOf(), body)).status).toBe(status);
  });
});

describe('a number in the input', () => {
  const numberOf = async (text: string) => {
    const { app, asked } = starting();
    const { body } = await start(app, `{"input":{"cart":[{"total":${text}}]}}`);
    const { cart } = (asked[0]?.input ?? {}) as { readonly cart?: [{ readonly total: number }] };
    return cart?.[0].total ?? body;
  };

  it.each([
    ['450', 450],
    ['-0.10', -0.1],
    ['1.0', 1],
    ['0.000', 0],
    ['15E-1', 1.5],
    ['1e21', 1e21],
    ['9007199254740992', 2 ** 53],
    ['123456789012345680000', 123456789012345680000],
  ])('of %s is handed on', async (text, number) => {
    expect(await numberOf(text)).toBe(number);
  });

  it.each([
    '9007199254740993',
    '0.10000000000000000001',
    '1e400',
    '-1e400',
    '1e-400',
    '4e-324',
    `0.${'0'.repeat(100)}1`,
  ])('of %s would be another number, and is refused', async (text) => {
    expect(await numberOf(text)).toMatchObject({
      status: 400,
      type: `${PROBLEM}bad-input`,
      detail: 'input.cart[0].total has a number that cannot be kept as it is: send it as a string',
    });
  });
});
