import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v4 as uuid } from 'uuid';
import { describe, expect, vi } from 'vitest';
import { openFlows } from '#fixtures/flows/house';
import { readFlowCatalog } from '#server';
import { createPostgresOutbox, stepKey } from '#systems/flows';
import { pollersOf } from '#temporal/pollers';
import { listen } from '#testkit';
import { it } from '#testkit/database';
import { pressHere, runHere } from '../cli/here.ts';
import { callerOf } from '../inventory/inventory-house.ts';

const LISTENING = /^listening on (http:\/\/127\.0\.0\.1:\d+)\n/;

/** A webhook, and then a message to who is in its input. */
const TOLD = {
  name: 'told',
  version: '1',
  start_step: 'tell',
  steps: { tell: { node: 'webhook', go_to: 'thank' }, thank: { node: 'send_message' } },
};

describe('press-twice serve', () => {
  it("walks through a flow of its catalog's folder, with a receiver of its own, and shows the receiver's books", async ({
    temporal,
  }) => {
    await using folder = await folderWith({ 'told.json': JSON.stringify(TOLD) });
    const env = { ...envOf(temporal), FLOWS_DIR: folder.path };
    const command = pressHere(['serve', '--port', '0'], env);
    const [, url = ''] = await command.said(LISTENING);
    const { get, post } = callerOf(url);
    const id = uuid();
    const start = () => post('/start-workflow', { flow: 'told', workflow_id: id });

    const started = [await start(), await start()];
    const result = await temporal.client.workflow.result(id);
    const books = await get('/receiver/webhooks');
    process.emit('SIGINT', 'SIGINT');
    const { exitCode } = await command.finished;

    expect(started.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(started.map(({ body }) => body.run_id)).size, 'runs').toBe(1);
    expect(result.visited).toMatchObject([
      { step: 'tell', event_type: 'condition_satisfied' },
      { step: 'thank', event_type: 'condition_satisfied' },
    ]);
    expect(books.body.webhooks, 'webhooks that were taken').toMatchObject([
      { key: stepKey(id, 'tell', 1), flow: 'told', step: 'tell', workflow_id: id },
    ]);
    expect(exitCode).toBe(0);
  });

  it('keeps tenants apart, the books from all of them and its credentials from other receivers, and writes messages into PostgreSQL', async ({
    temporal,
    database,
    databaseUrl,
  }) => {
    const credentials: unknown[] = [];
    await using stranger = await listen((request, response) => {
      credentials.push(request.headers.authorization);
      response.end('{}');
    });
    const secretOf = (tenant: string) => `${tenant}-${'n'.repeat(32)}`;
    const lines = ['north', 'south'].map((one) => `${one},${secretOf(one)},read-write\n`);
    await using folder = await folderWith({ tokens: `tenant,token,rights\n${lines.join('')}` });
    const tokens = ['--tokens', join(folder.path, 'tokens')];
    const { host } = new URL(stranger.url);
    const env = { ...envOf(temporal), DATABASE_URL: databaseUrl, FLOW_WEBHOOK_HOSTS: host };
    const command = pressHere(['serve', '--port', '0', '--store', 'postgres', ...tokens], env);
    const [, url = ''] = await command.said(LISTENING);
    const [north, south] = ['north', 'south'].map((tenant) =>
      callerOf(url, { Authorization: `Bearer ${secretOf(tenant)}` }),
    );
    const id = uuid();
    const steps = { tell: { node: 'webhook', config: { url: stranger.url } } };
    const abroad = { ...TOLD, name: 'abroad', steps };

    const started = await north?.post('/start-workflow', { definition: TOLD, workflow_id: id });
    await north?.post('/start-workflow', { definition: abroad, workflow_id: `${id}-abroad` });
    await temporal.client.workflow.result(`north~${id}`);
    await temporal.client.workflow.result(`north~${id}-abroad`);
    const others = await south?.get(`/workflow-status/${id}`);
    const books = [await north?.get('/receiver/webhooks'), await callerOf(url).get('/flows')];
    process.emit('SIGINT', 'SIGINT');
    const { exitCode } = await command.finished;

    expect(started?.status, 'of its tenant').toBe(200);
    expect(others?.status, 'of another tenant').toBe(404);
    expect(
      books.map((told) => told?.status),
      'who is not the house, and who is nobody',
    ).toEqual([401, 401]);
    expect(credentials, 'what another receiver was shown').toEqual([undefined]);
    expect(await createPostgresOutbox({ database }).effects()).toMatchObject([
      {
        key: stepKey(`north~${id}`, 'thank', 1),
        tenant: 'north',
        by: `run ${String(started?.body.run_id)}`,
        attempt: 1,
      },
    ]);
    expect(exitCode).toBe(0);
  });

  it('sends webhooks where FLOW_WEBHOOK_URL says, and has no receiver of its own then', async ({
    temporal,
  }) => {
    const keys: unknown[] = [];
    await using receiver = await listen((request, response) => {
      keys.push(request.headers['idempotency-key']);
      response.end('{}');
    });
    const env = { ...envOf(temporal), FLOW_WEBHOOK_URL: receiver.url };
    const command = pressHere(['serve', '--port', '0'], env);
    const [, url = ''] = await command.said(LISTENING);
    const { get, post } = callerOf(url);
    const id = uuid();

    await post('/start-workflow', { definition: TOLD, workflow_id: id });
    await temporal.client.workflow.result(id);
    const books = await get('/receiver/webhooks');
    process.emit('SIGINT', 'SIGINT');
    await command.finished;

    expect(keys).toEqual([`"${stepKey(id, 'tell', 1)}"`]);
    expect(books.status, 'a receiver on the port of the house').toBe(404);
  });

  it('does not start with messages in memory where another worker polls the task queue of the flows', async ({
    temporal,
  }) => {
    const { client, taskQueue } = temporal;
    await using _other = await openFlows(temporal);
    await vi.waitFor(async () => expect(await pollersOf(client, taskQueue)).not.toEqual([]));
    const env = { ...envOf(temporal), FLOW_TASK_QUEUE: taskQueue };

    const { exitCode, stderr } = await refusalOf(env);

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^Another worker polls .+ messages in .+ another FLOW_TASK_QUEUE\n$/);
  });
});

describe('the catalog of the flows', () => {
  it("has the package's own flows unless told", async () => {
    expect([...(await readFlowCatalog()).keys()]).toEqual(['abandoned_cart', 'order_follow_up']);
  });

  it('takes one flow from two files that say the same, and reads no other files and no folders', async () => {
    await using folder = await folderWith({
      'told.json': JSON.stringify(TOLD),
      'told.YML': JSON.stringify({ ...TOLD }, null, 2),
      'README.md': 'flows',
    });

    expect(await readFlowCatalog(folder.path)).toEqual(new Map([['told', TOLD]]));
  });

  it.for<[string, Record<string, string>, RegExp]>([
    [
      'a flow that cannot be run',
      { 'told.yaml': 'name: told\nstart_step: nowhere\nsteps: {}\n' },
      /^\S+told\.yaml:2:\d+: start step not found in definition: nowhere\n$/,
    ],
    [
      'two flows of one name',
      { 'a.json': JSON.stringify(TOLD), 'b.json': JSON.stringify({ ...TOLD, version: '2' }) },
      /^\S+b\.json:1:1: another file of this folder has another flow "told"\n$/,
    ],
  ])('stops the start with its place for %s', async ([_fault, files, says], { temporal }) => {
    await using folder = await folderWith(files);

    const refused = await refusalOf({ ...envOf(temporal), FLOWS_DIR: folder.path });

    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toMatch(says);
  });

  it('stops the start for a folder that is not there', async () => {
    const { exitCode, stderr } = await runHere(['serve'], { FLOWS_DIR: '/nowhere/flows' });

    expect(exitCode).toBe(2);
    expect(stderr).toBe('Bad environment: FLOWS_DIR: /nowhere/flows cannot be read (ENOENT)\n');
  });
});

/** Runs a house that ought to refuse its start. One that starts all the same is ended. */
async function refusalOf(env: Record<string, string>) {
  const command = pressHere(['serve', '--port', '0'], env);
  void command.said(LISTENING).then(() => process.emit('SIGINT', 'SIGINT'));
  return await command.finished;
}

function envOf({ address }: { readonly address: string }) {
  const queue = `test-${uuid()}`;
  return {
    TEMPORAL_ADDRESS: address,
    FEE_TASK_QUEUE: queue,
    SUPERSCRIPT_TASK_QUEUE: `${queue}-scripts`,
    INVENTORY_TASK_QUEUE: `${queue}-inventory`,
  };
}

async function folderWith(files: Readonly<Record<string, string>>) {
  const path = await mkdtemp(join(tmpdir(), 'press-twice-flows-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
