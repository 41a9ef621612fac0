import { v4 as uuid } from 'uuid';
import { describe, expect, inject, it } from 'vitest';
import { type Fee, postDurableFee } from '#systems/fees';
import { listen } from '#testkit';
import { alive, type Command, press, run } from './command.ts';

describe('press-twice serve', () => {
  it('pays fees, answers what is under way after SIGTERM, and leaves no process behind', async () => {
    await using command = press(['serve', '--port', '0', '--delay', '300-300']);
    const url = await urlOf(command);
    const fee: Fee = { orderId: 'order-1', accountId: 'alice', amountCents: 10_00 };
    const family = command.family();

    const paid = await postDurableFee(url, fee);
    const underWay = postDurableFee(url, { ...fee, orderId: 'order-2' });
    await untilRunning(`${url}/orders/order-2/fee`);
    command.kill('SIGTERM');
    const last = await underWay;
    const { exitCode, signal, stdout, stderr } = await command.finished;

    expect(family.length, 'processes of its own').toBeGreaterThan(0);
    expect(paid.body.new_balance).toBe(2500 - 10);
    expect(last.body.new_balance, 'the fee that was under way').toBe(2500 - 2 * 10);
    expect({ exitCode, signal }).toEqual({ exitCode: 0, signal: null });
    expect(alive(family), 'processes that are left').toEqual([]);
    expect(stdout).toBe(`listening on ${url}\n`);
    expect(stderr).toContain('draining\n');
  });

  it('uses the server that TEMPORAL_ADDRESS names, starts none, and drains on SIGINT too', async () => {
    const { address } = inject('testServer');
    const env = { TEMPORAL_ADDRESS: address, FEE_TASK_QUEUE: `test-${uuid()}` };
    await using command = press(['serve', '--port', '0', '--delay', '0-0'], env);
    const url = await urlOf(command);
    const family = command.family();

    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };
    const answers = [await postDurableFee(url, fee), await postDurableFee(url, fee)];
    command.kill('SIGINT');
    const { exitCode, signal } = await command.finished;

    expect(family, 'processes of its own').toEqual([]);
    expect(answers.map(({ status, replayed }) => ({ status, replayed }))).toEqual([
      { status: 200, replayed: false },
      { status: 200, replayed: true },
    ]);
    expect({ exitCode, signal }).toEqual({ exitCode: 0, signal: null });
  });

  it('names a port that is taken in one line, and exits with 2', async () => {
    const { address } = inject('testServer');
    await using other = await listen(() => {});
    const { port } = new URL(other.url);

    const { exitCode, stdout, stderr } = await run(['serve'], {
      PORT: port,
      TEMPORAL_ADDRESS: address,
      FEE_TASK_QUEUE: `test-${uuid()}`,
    });

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^Cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\): .+\n$/);
  });
});

async function urlOf(command: Command): Promise<string> {
  const [, url = ''] = await command.said('stdout', /^listening on (http:\/\/127\.0\.0\.1:\d+)\n/);
  return url;
}

/** Asks until the run is open; the server answers a 404 before. */
async function untilRunning(stateUrl: string): Promise<void> {
  const response = await fetch(stateUrl);
  const { status } = (await response.json()) as { status: unknown };
  if (status !== 'running') await untilRunning(stateUrl);
}
