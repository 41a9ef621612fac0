import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { InventoryDemo } from '#demos';
import { inventoryWorkflowId } from '#systems/inventory';
import { type AttemptRecord, CrashBeforeEffectError, LostAcknowledgementError } from '#testkit';
import { it } from '#testkit/database';
import { pressHere, runHere } from './here.ts';

const INVENTORY = ['start', 'inventory'];
const SOLD = ['A12', 'B13', 'B15', 'B16', 'C17', 'C18', 'C19'];
/** B14 wants more than there is; B13 was pressed twice, A12 and B16 come again later. */
const ORDERS = [
  'A12,123456,999',
  'B13,7,600',
  'B13,7,600',
  'B14,7,500',
  'B15,7,100',
  'B16,7,200',
  'C17,8,1',
  'C18,8,2',
  'C19,8,3',
  'A12,123456,999',
  'B16,7,200',
];
const DISTINCT = SOLD.length + 1;

describe('press-twice start inventory', () => {
  it('proves 1001 and each other stock although attempts fail, and leaves nothing in the database', async ({
    database,
    databaseUrl,
  }) => {
    await using place = await placeWith(ORDERS);

    const { exitCode, stdout, stderr } = await place.run(databaseUrl, '--json');

    const { headline, verdict, requests, effects, attempts } = JSON.parse(stdout) as InventoryDemo;
    expect(headline).toBe('Product 123456 stock: 1001');
    expect(verdict).toMatchObject({ holds: true, problems: [] });
    expect(exitCode).toBe(0);
    for (const orderId of SOLD) expect(effects).toHaveOneEffect(orderId);
    expect(effects.filter(({ key }) => key === 'B14').length, 'sales of what was not there').toBe(
      0,
    );
    const runs = new Set(requests.map(({ runId }) => runId));
    expect([requests.length, runs.size], 'requests, runs').toEqual([ORDERS.length, DISTINCT]);
    for (const activity of ['UpdateInventoryActivity', 'SupplierOrderActivity']) {
      const ofA12 = attempts.filter((one) => one.activity === activity && isOf('A12', one));
      const failures = new Set(ofA12.map(({ error }) => error).filter((error) => error));
      expect(failures, `${activity} of A12`).toContain(new CrashBeforeEffectError().message);
      expect(failures, `${activity} of A12`).toContain(new LostAcknowledgementError().message);
    }
    expect(new Set(attempts.map(({ worker }) => worker)).size, 'workers').toBe(2);
    const movements = stderr.split('\n').filter((line) => line.endsWith(' in stock'));
    expect(movements.length, 'movements told').toBe(effects.length);
    expect(movements).toContain('order A12: 999 of 123456 sold, 1 in stock');
    expect(movements).toContain('delivery: 1000 of 123456 came, 1001 in stock');
    const schemas = await database.sql`
      SELECT nspname FROM pg_namespace WHERE nspname LIKE 'press_twice%'`;
    expect(schemas, 'schemas that are left').toEqual([]);
  });

  it('shows with --store json-naive the control: sold twice, credited twice, forgotten; without a database', async () => {
    await using place = await placeWith(ORDERS);

    const { exitCode, stdout } = await place.run(undefined, '--store', 'json-naive');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^THE CONTROL: a store that remembers its last order alone/);
    expect(stdout).toMatch(/\nTHE CONTROL, without keys: \d+ things wrong, such as these\n/);
    expect(stdout).toMatch(/: nothing known in stock instead of /);
    // Whoever is tried again after the effect has sold twice, or is told that it has not.
    expect(stdout).toMatch(/\n {2}order \S+: \d movements? instead of [01], and told as .*sold\n/);
    expect(stdout).toMatch(/\n {2}delivery \S+: credited 2 times/);
    expect(stdout, 'no claim that is not shown').not.toContain('PROOF');
    expect(await place.leftBehind(), 'folders with a stock').toEqual([]);
  });

  it('ends with Ctrl-C at the first movement, with 130, without a verdict and without a trace', async ({
    database,
    databaseUrl,
  }) => {
    await using place = await placeWith(ORDERS);
    const command = place.press(databaseUrl);
    await command.said(/ sold, \d+ in stock\n/, 'stderr');

    process.emit('SIGINT', 'SIGINT');
    const { exitCode, stdout } = await command.finished;

    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
    const schemas = await database.sql`
      SELECT nspname FROM pg_namespace WHERE nspname LIKE 'press_twice%'`;
    expect(schemas, 'schemas that are left').toEqual([]);
  });
});

describe('a demo of the inventory that cannot be played', () => {
  it('for a bad order says in one line which, and ends with 2; nothing is started', async () => {
    await using place = await placeWith(['A12,123456,999', 'B13,7,0']);

    const { exitCode, stdout, stderr } = await place.run(undefined);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^orders\.csv, line 3: quantity "0" has to be .+\n$/);
  });

  it.each<[string, string[], RegExp]>([
    ['a store that nobody knows', ['--store', 'memory'], /'memory' is invalid\..+json-naive/],
    ['a seed that is no number', ['--seed', 'x'], /from 0 to 4294967295/],
    ['no workers', ['--workers', '0'], /from 1 to 8/],
    ["the fees' flag", ['--clients', '3'], /unknown option '--clients'/],
    [
      'a system behind the system',
      ['bees'],
      /'bees' is invalid: there are flows, orders, inventory, superscript and fees/,
    ],
  ])('is refused in one line and with 2: %s', async (_fault, args, says) => {
    const { exitCode, stdout, stderr } = await runHere([...INVENTORY, ...args]);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .+\n$/);
    expect(stderr).toMatch(says);
  });
});

function isOf(orderId: string, { workflowId }: AttemptRecord): boolean {
  return workflowId === inventoryWorkflowId(orderId);
}

/** A file of orders, and a temporary folder of its own for what the demo writes. */
async function placeWith(rows: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-'));
  const path = join(folder, 'orders.csv');
  await writeFile(path, ['order_id,product_id,quantity', ...rows, ''].join('\n'));
  const press = (url: string | undefined, ...args: readonly string[]) =>
    pressHere([...INVENTORY, '--orders', path, ...args], {
      TMPDIR: folder,
      ...(url && { DATABASE_URL: url }),
    });
  return {
    press,
    run: (url: string | undefined, ...args: readonly string[]) => press(url, ...args).finished,
    leftBehind: async () =>
      (await readdir(folder)).filter((name) => name.startsWith('press-twice-inventory')),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
