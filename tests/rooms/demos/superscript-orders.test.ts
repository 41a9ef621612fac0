import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BadFileError, readOrderIds } from '#demos';

describe('a list of orders', () => {
  it('is read in its order, with what stands there twice, without empty lines and remarks', async () => {
    await using file = await list('\uFEFF# of today\n7307\r\n\n5493\n7307');

    expect(await readOrderIds(file.path)).toEqual(['7307', '5493', '7307']);
  });

  it('of a hundred orders comes with the demo', async () => {
    const orderIds = await readOrderIds('fixtures/superscript/orders-100.txt');

    expect(new Set(orderIds).size, 'distinct orders').toBe(100);
  });

  it.each([
    { flaw: 'a zero in front', text: '7307\n00042\n', line: 2, why: '"00042" is no order ID' },
    { flaw: 'a blank behind', text: '4242 \n', line: 1, why: '"4242 " is no order ID' },
    { flaw: 'a command', text: '7307\n\n4242; touch x\n', line: 3, why: '"4242; touch x" is no' },
    { flaw: 'bytes that are not UTF-8', text: Buffer.from([0x37, 0xff]), line: 1, why: 'is no' },
    { flaw: 'no orders', text: '# none today\n', line: 1, why: 'it has no orders' },
    { flaw: 'too many', text: '7307\n'.repeat(10_001), line: 1, why: '10001 orders' },
  ])('is refused with its line for $flaw', async ({ text, line, why }) => {
    await using file = await list(text);

    const refusal = await readOrderIds(file.path).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(BadFileError);
    expect((refusal as Error).message).toContain(`orders.txt, line ${line}: `);
    expect((refusal as Error).message).toContain(why);
  });

  it('that is not there is refused', async () => {
    await expect(readOrderIds('/nowhere/orders.txt')).rejects.toThrow(
      'orders.txt, line 1: it cannot be read (ENOENT)',
    );
  });
});

async function list(text: string | Buffer) {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-'));
  const path = join(folder, 'orders.txt');
  await writeFile(path, text);
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
