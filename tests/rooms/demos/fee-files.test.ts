import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BadFileError, readAccounts, readOrders } from '#demos';

describe('a batch of orders', () => {
  it('is read with its double rows, in cents, in the order of the file', async () => {
    await using file = await csv('order_id,account_id,amount\no-1,alice,10\no-1,alice,10.00\n');

    const fee = { orderId: 'o-1', accountId: 'alice', amountCents: 10_00 };
    expect(await readOrders(file.path)).toEqual([fee, fee]);
  });

  it.each([
    { flaw: 'another header', text: 'id,account,amount\n', line: 1, why: 'the header has to be' },
    { flaw: 'no orders', text: headed(''), line: 1, why: 'it has no orders' },
    {
      flaw: 'a third decimal',
      text: headed('o-1,alice,10.005'),
      line: 2,
      why: 'Bad amount 10.005',
    },
    { flaw: 'a fee of nothing', text: headed('o-1,alice,0'), line: 2, why: 'greater than zero' },
    {
      flaw: 'no order ID',
      text: headed('o-1,alice,1\n,bob,1'),
      line: 3,
      why: 'Order ID is required',
    },
    { flaw: 'a slash in an ID', text: headed('a/b,alice,1'), line: 2, why: 'slashes' },
    { flaw: 'a column too few', text: headed('o-1,alice'), line: 2, why: 'Invalid Record Length' },
    { flaw: 'an open quote', text: headed('"o-1,alice,1'), line: 2, why: 'Quote' },
  ])('is refused with its line for $flaw', async ({ text, line, why }) => {
    await using file = await csv(text);

    const refusal = await readOrders(file.path).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(BadFileError);
    expect((refusal as Error).message).toContain(`batch.csv, line ${line}: `);
    expect((refusal as Error).message).toContain(why);
  });

  it('that is not UTF-8 is refused: two IDs of it could be read as one', async () => {
    await using file = await csv(
      Buffer.from(headed('caf\u00E9,alice,1\ncaf\u00E8,alice,1'), 'latin1'),
    );

    await expect(readOrders(file.path)).rejects.toThrow('batch.csv, line 1: the file is not UTF-8');
  });

  it('may start with a byte order mark and end its lines as on Windows', async () => {
    await using file = await csv(`\uFEFF${headed('o-1,alice,1').replaceAll('\n', '\r\n')}`);

    expect(await readOrders(file.path)).toEqual([
      { orderId: 'o-1', accountId: 'alice', amountCents: 1_00 },
    ]);
  });

  it('that is not there is refused', async () => {
    await expect(readOrders('/nowhere/orders.csv')).rejects.toThrow(
      'orders.csv, line 1: it cannot be read (ENOENT)',
    );
  });
});

describe('a list of accounts', () => {
  it('is read in cents', async () => {
    await using file = await csv('account_id,balance\nalice,100\nbob,0.50\n');

    expect([...(await readAccounts(file.path))]).toEqual([
      ['alice', 100_00],
      ['bob', 50],
    ]);
  });

  it('is refused when an account stands in it twice', async () => {
    await using file = await csv('account_id,balance\nalice,100\nalice,200\n');

    await expect(readAccounts(file.path)).rejects.toThrow(
      'batch.csv, line 3: account "alice" stands here twice',
    );
  });
});

function headed(rows: string): string {
  return `order_id,account_id,amount\n${rows}\n`;
}

async function csv(text: string | Buffer) {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-'));
  const path = join(folder, 'batch.csv');
  await writeFile(path, text);
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
