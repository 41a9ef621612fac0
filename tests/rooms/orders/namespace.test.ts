import { Client } from '@temporalio/client';
import { v4 as uuid } from 'uuid';
import { describe, expect } from 'vitest';
import { SEARCH_ATTRIBUTES } from '#server';
import { ORDER_STATUS } from '#systems/orders';
import { requireSearchAttributes } from '#temporal';
import { type NamespaceWish, registerNamespace } from '#temporal/register-namespace';
import { concurrently, type Temporal } from '#testkit';
import { it } from '#testkit/vitest';
import { runHere } from '../cli/here.ts';

const ALL = SEARCH_ATTRIBUTES.map(({ name }) => name);

describe('press-twice namespace', () => {
  it('registers a namespace and its search attributes once, and leaves alone what is there', async ({
    temporal,
  }) => {
    const name = `order-service-${uuid()}`;
    const command = (...flags: string[]) =>
      runHere(['namespace', name, ...flags], { TEMPORAL_ADDRESS: temporal.address });

    const first = await command('--retention', '90m');
    const again = await command('--retention', '90m');
    const other = await command('--retention', '30d');
    const unasked = await command();

    const said = (stdout: string) => ({ exitCode: 0, stderr: '', stdout });
    const was = `namespace ${name}: was there, retention 90m\n`;
    const there = `search attributes: all ${ALL.length} were there\n`;
    expect(first).toEqual(
      said(
        `namespace ${name}: registered, retention 90m\nsearch attributes: added ${ALL.join(', ')}\n`,
      ),
    );
    expect(again).toEqual(said(was + there));
    expect(unasked, 'without --retention').toEqual(said(was + there));
    expect(other, 'with another retention').toEqual(
      said(
        `${was}retention: left alone, and not 30d: temporal operator namespace update --namespace ${name} --retention 30d\n${there}`,
      ),
    );
    await requireSearchAttributes(clientOf(temporal, name), SEARCH_ATTRIBUTES);
  });

  it.for<[readonly string[], number, RegExp]>([
    [['order service'], 2, /^error: .+'order service' is invalid.+\n$/],
    [['order-service', '--retention', '59m'], 2, /^error: .+'59m' is invalid.+from 1h to .+\n$/],
    [['order-service', '--retention', '1w'], 2, /^error: .+'1w' is invalid.+\n$/],
    [
      ['order-service'],
      2,
      /^No Temporal server answers at 127\.0\.0\.1:1: .+TEMPORAL_ADDRESS.+\n$/,
    ],
  ])('refuses %j with %i and one line', async ([args, code, says]) => {
    const env = { TEMPORAL_ADDRESS: '127.0.0.1:1' };

    const { exitCode, stdout, stderr } = await runHere(['namespace', ...args], env);

    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(stderr).toMatch(says);
  });
});

describe('the registration of a namespace', () => {
  it('is one, although five begin it at once, and an order can be started in it', async ({
    temporal,
  }) => {
    const wish = wishOf(uuid());
    const { connection } = temporal.client;

    const outcomes = await concurrently(5, () => registerNamespace(connection, wish));
    const client = clientOf(temporal, wish.namespace);
    const run = await client.workflow.start('CreateOrderWorkflow', {
      workflowId: 'order-1',
      taskQueue: 'nobody polls it',
      typedSearchAttributes: [{ key: ORDER_STATUS, value: 'CREATED' }],
    });

    const registered = outcomes.filter(({ outcome }) => outcome === 'registered');
    expect(registered.length, 'who has registered it').toBe(1);
    expect(new Set(outcomes.map(({ retentionMs }) => retentionMs))).toEqual(
      new Set([wish.retentionMs]),
    );
    expect((await run.describe()).typedSearchAttributes.get(ORDER_STATUS)).toBe('CREATED');
  });

  it('names an attribute that is there and has another type', async ({ temporal }) => {
    const { connection } = temporal.client;
    const wish = wishOf(uuid());
    await registerNamespace(connection, { ...wish, searchAttributes: [] });
    await connection.operatorService.addSearchAttributes({
      namespace: wish.namespace,
      searchAttributes: { [ORDER_STATUS.name]: TEXT },
    });

    const registering = registerNamespace(connection, wish);

    await expect(registering).rejects.toThrow(
      /^Namespace ".+" has a search attribute OrderStatus that is no Keyword: .+$/,
    );
  });

  it('says what to do where this client may not, as in Temporal Cloud', async ({ temporal }) => {
    const { connection } = temporal.client;
    const mayNot = Object.assign(Object.create(connection) as typeof connection, {
      workflowService: Object.assign(Object.create(connection.workflowService), {
        registerNamespace: () => Promise.reject(refusal()),
      }),
    });

    const registering = registerNamespace(mayNot, wishOf(uuid()));

    await expect(registering).rejects.toThrow(
      /\(Request unauthorized\.\)\. .+: tcld namespace create --namespace \S+ --retention-days 1 --search-attribute OrderId=Keyword .+$/,
    );
  });
});

const TEXT = 1;

function wishOf(namespace: string): NamespaceWish {
  return { namespace, retentionMs: 3_600_000, searchAttributes: SEARCH_ATTRIBUTES };
}

function clientOf({ client: { connection } }: Temporal, namespace: string): Client {
  return new Client({ connection, namespace });
}

/** As the server of a client without rights answers. */
function refusal(): Error {
  const details = 'Request unauthorized.';
  return Object.assign(new Error(`7 PERMISSION_DENIED: ${details}`), {
    code: 7,
    details,
    metadata: {},
  });
}
