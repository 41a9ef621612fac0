import { v4 as uuid } from 'uuid';
import { describe, expect, inject, vi } from 'vitest';
import { type Fee, postDurableFee } from '#systems/fees';
import { it } from '#testkit/database';
import { alive, press } from './command.ts';
import { pressHere, runHere } from './here.ts';

const POSTGRES = ['--store', 'postgres', '--delay', '0-0'];

describe('press-twice start --store postgres', () => {
  it('ends with 130 on Ctrl-C while its PostgreSQL starts, and leaves no process behind', async () => {
    await using command = press(['start', '--json', ...POSTGRES]);
    await command.said('stderr', /Starting PostgreSQL/);
    const family = command.family();

    command.kill('SIGINT');
    const { exitCode, stdout } = await command.finished;

    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
    await vi.waitFor(() => expect(alive(family), 'processes that are left').toEqual([]));
  });
});

describe('press-twice serve --store postgres', () => {
  it('knows after a restart what was paid, and opens no account twice', async ({ databaseUrl }) => {
    const env = { ...ofSharedServer(), DATABASE_URL: databaseUrl };
    const fee: Fee = { orderId: uuid(), accountId: 'alice', amountCents: 10_00 };

    const paid = await serveHere(env, (url) => postDurableFee(url, fee));
    const balance = await serveHere(env, (url) => balanceOf(url, 'alice'));

    expect(paid.body.new_balance).toBe(2500 - 10);
    expect(balance).toBe(2500 - 10);
  });
});

describe('a DATABASE_URL that cannot be used', () => {
  it.each<[string, string, RegExp]>([
    [
      'of another kind',
      'mysql://me:hush@127.0.0.1/x',
      /^Bad environment: DATABASE_URL: .+postgres/,
    ],
    [
      'of nobody',
      'postgres://me:hush@127.0.0.1:1/x',
      /^DATABASE_URL cannot be used \(127\.0\.0\.1:1\/x: .+REFUSED/,
    ],
  ])('is named in one line without its password, and with 2: %s', async (_kind, url, says) => {
    const env = { ...ofSharedServer(), DATABASE_URL: url };

    const { exitCode, stdout, stderr } = await runHere(['serve', ...POSTGRES], env);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr.trim().split('\n'), 'lines').toHaveLength(1);
    expect(stderr).not.toContain('hush');
  });
});

const LISTENING = /^listening on (http:\/\/127\.0\.0\.1:\d+)\n/;

function ofSharedServer(): Record<string, string> {
  const { address } = inject('testServer');
  return { TEMPORAL_ADDRESS: address, FEE_TASK_QUEUE: `test-${uuid()}` };
}

/** Serves until the visit is over. */
async function serveHere<T>(
  env: Record<string, string>,
  visit: (url: string) => Promise<T>,
): Promise<T> {
  const command = pressHere(['serve', '--port', '0', ...POSTGRES], env);
  const [, url = ''] = await command.said(LISTENING);
  const value = await visit(url);
  process.emit('SIGINT', 'SIGINT');
  expect((await command.finished).exitCode).toBe(0);
  return value;
}

async function balanceOf(url: string, accountId: string): Promise<unknown> {
  const answer = await fetch(`${url}/accounts/${accountId}`);
  return ((await answer.json()) as { balance?: unknown }).balance;
}
