import { v4 as uuid } from 'uuid';
import { describe, expect, inject } from 'vitest';
import { type Fee, feeWorkflowId, postDurableFee } from '#systems/fees';
import { ORDER_ID } from '#temporal';
import { connect } from '#temporal/connect';
import { listen } from '#testkit';
import { it } from '#testkit/vitest';
import { it as itOverTls } from '../temporal/tls.ts';
import { alive, commandLineOf, press } from './command.ts';
import { pressHere, runHere } from './here.ts';

describe('press-twice serve', () => {
  it('pays fees from a PostgreSQL and a namespace of its own, answers what is under way after SIGTERM, and leaves no process behind', async () => {
    const named = { TEMPORAL_NAMESPACE: 'order-service', LOG_LEVEL: 'warn' };
    await using command = press(
      ['serve', '--port', '0', '--store', 'postgres', '--delay', '300-300'],
      named,
    );
    const url = await urlOf(command.said('stdout', LISTENING));
    const fee: Fee = { orderId: 'order-1', accountId: 'alice', amountCents: 10_00 };
    const family = command.family();
    const servers = family.map(commandLineOf).join('\n');

    const paid = await postDurableFee(url, fee);
    const run = await describedBy({ ...named, TEMPORAL_ADDRESS: addressOf(servers) });
    const underWay = postDurableFee(url, { ...fee, orderId: 'order-2' });
    await untilRunning(`${url}/orders/order-2/fee`);
    command.kill('SIGTERM');
    const last = await underWay;
    const { exitCode, signal, stdout, stderr } = await command.finished;

    expect(servers, 'a PostgreSQL of its own').toMatch(/\/postgres -D /);
    expect(paid.body.new_balance).toBe(2500 - 10);
    expect(run.typedSearchAttributes.get(ORDER_ID), 'found by an operator').toBe('order-1');
    expect(last.body.new_balance, 'the fee that was under way').toBe(2500 - 2 * 10);
    expect({ exitCode, signal }).toEqual({ exitCode: 0, signal: null });
    expect(alive(family), 'processes that are left').toEqual([]);
    expect(stdout).toBe(`listening on ${url}\n`);
    expect(stderr).toBe('Starting PostgreSQL\ndraining\n');
  });

  it('uses the server that TEMPORAL_ADDRESS names, and drains on SIGINT too', async ({
    temporal,
  }) => {
    const env = ofSharedServer();
    const command = pressHere(['serve', '--port', '0', '--delay', '0-0'], env);
    const url = await urlOf(command.said(LISTENING));
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };

    const answers = [await postDurableFee(url, fee), await postDurableFee(url, fee)];
    process.emit('SIGINT', 'SIGINT');
    const { exitCode } = await command.finished;

    expect(exitCode).toBe(0);
    expect(answers.map(({ status, replayed }) => ({ status, replayed }))).toEqual([
      { status: 200, replayed: false },
      { status: 200, replayed: true },
    ]);
    expect(await temporal.history(feeWorkflowId(fee.orderId)), 'on that server').toContain(
      'ActivityTaskCompleted',
    );
  });

  it('names a port that is taken in one line, and exits with 2', async () => {
    await using other = await listen(() => {});
    const { port } = new URL(other.url);

    const { exitCode, stdout, stderr } = await runHere(['serve'], {
      ...ofSharedServer(),
      PORT: port,
    });

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^Cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\): .+\n$/);
  });
});

describe('a Temporal server that lets nobody in', () => {
  itOverTls(
    'is named in one line without a stack, with what to mend and with 2',
    async ({ tls }) => {
      const env = { ...tls.shown('expired'), TEMPORAL_ADDRESS: tls.asking };

      const { exitCode, stdout, stderr } = await runHere(['serve', '--port', '0'], env);

      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(
        /^The Temporal server at localhost:\d+ refuses the client certificate, which expired on .+TEMPORAL_TLS_CLIENT_CERT_PATH\n$/,
      );
    },
  );

  it('is not asked without verification unless it is on this machine', async () => {
    const env = {
      TEMPORAL_ADDRESS: 'temporal.example:7233',
      TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'true',
    };

    const { exitCode, stdout, stderr } = await runHere(['serve', '--port', '0'], env);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is refused for .+\n$/);
  });
});

const LISTENING = /^listening on (http:\/\/127\.0\.0\.1:\d+)\n/;

async function urlOf(saying: Promise<RegExpExecArray>): Promise<string> {
  const [, url = ''] = await saying;
  return url;
}

/** Where the dev server among these command lines listens. */
function addressOf(servers: string): string {
  const [, port] = /start-dev .*--port (\d+)/.exec(servers) ?? [];
  return `127.0.0.1:${port}`;
}

async function describedBy(env: Record<string, string>) {
  await using connections = await connect(env);
  return await connections.client.workflow.getHandle(feeWorkflowId('order-1')).describe();
}

function ofSharedServer(): Record<string, string> {
  const { address } = inject('testServer');
  return { TEMPORAL_ADDRESS: address, FEE_TASK_QUEUE: `test-${uuid()}` };
}

/** Asks until the run is open; the server answers a 404 before. */
async function untilRunning(stateUrl: string): Promise<void> {
  const response = await fetch(stateUrl);
  const { status } = (await response.json()) as { status: unknown };
  if (status !== 'running') await untilRunning(stateUrl);
}
