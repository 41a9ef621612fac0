import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v4 as uuid } from 'uuid';
import { describe, expect, inject } from 'vitest';
import { it as base } from '#testkit/vitest';
import { pressHere, runHere } from './here.ts';

const NORTH = `north-${'n'.repeat(32)}`;
const SOUTH = `south-${'s'.repeat(32)}`;
const READER = `reader${'r'.repeat(32)}`;
const HEADER = 'tenant,token,rights';
const BODY = { account_id: 'alice', amount: 10 };

/** `it` with a file of these bytes. */
const it = base.extend<{ fileOf: (content: string | Uint8Array) => Promise<string> }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads the needs of a fixture from this pattern.
  fileOf: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'press-twice-tokens-'));
    await use(async (content) => {
      const path = join(folder, 'tokens.csv');
      await writeFile(path, content);
      return path;
    });
    await rm(folder, { recursive: true });
  },
});

describe('press-twice serve --tokens', () => {
  it('lets in whom the file names, gives each tenant the opening balances, and limits each one’s new keys', async ({
    fileOf,
  }) => {
    const file = await fileOf(
      `\uFEFF${HEADER}\r\nnorth,${NORTH},read-write\r\n\r\nsouth, ${SOUTH} ,read-write\nnorth,${READER},read\n`,
    );
    const args = ['serve', '--port', '0', '--delay', '0-0', '--tokens', file, '--rate-limit', '2'];
    const command = pressHere(args, ofSharedServer());
    const [, url = ''] = await command.said(/^listening on (http:\/\/127\.0\.0\.1:\d+)\n/);
    const [order, other] = [uuid(), uuid()];
    const paths = ['durable', 'keyed'].map((way) =>
      way === 'keyed' ? `/idempotent/deduct-fee/${order}` : `/orders/${order}/fee`,
    );

    const stranger = await ask(url, '/accounts/alice');
    const written = await ask(url, paths[0] ?? '', READER, BODY);
    const paid = [];
    for (const token of [NORTH, SOUTH]) {
      for (const path of paths) paid.push((await ask(url, path, token, BODY)).body.new_balance);
    }
    const tooMany = await ask(url, `/orders/${other}/fee`, NORTH, BODY);
    const read = await ask(url, '/accounts/alice', READER);
    process.emit('SIGINT', 'SIGINT');

    expect((await command.finished).exitCode).toBe(0);
    expect([stranger.status, written.status, tooMany.status]).toEqual([401, 403, 429]);
    expect(paid, 'balances that north and south were told').toEqual([
      2500 - 10,
      2500 - 2 * 10,
      2500 - 10,
      2500 - 2 * 10,
    ]);
    expect(read.body).toEqual({ account_id: 'alice', balance: 2500 - 2 * 10 });
  });

  it.for<[string, string, string | Uint8Array]>([
    ['without a header', 'line 1: the header has to be', `north,${NORTH},read`],
    ['of another header', 'line 1: the header has to be', `token,tenant,rights\n`],
    ['without tokens', 'line 1: it has no tokens', `${HEADER}\n\n`],
    ['that is empty', 'line 1: the header has to be', ''],
    ['that is not UTF-8', 'line 1: the file is not UTF-8', new Uint8Array([0xff, 0xfe])],
    ['with two fields', 'line 3: it has to be', rows(`north,${NORTH},read`, `south,${SOUTH}`)],
    ['with four fields', 'line 2: it has to be', rows(`north,${NORTH},read,write`)],
    ['with other rights', 'line 2: the rights have to be', rows(`north,${NORTH},admin`)],
    ['with a short token', 'line 2: the token has 31 of', rows(`north,${NORTH.slice(0, 31)},read`)],
    ['with a quoted token', 'line 2: the token may have', rows(`north,"${NORTH}",read`)],
    [
      'with a token that two have',
      'line 4: the token is the same',
      rows(`north,${NORTH},read`, '', `south,${NORTH},read`),
    ],
    ['without a tenant', 'line 2: Tenant is required', rows(`,${NORTH},read`)],
    ['with a tilde', 'line 2: Tenant must not contain a tilde', rows(`a~b,${NORTH},read`)],
    [
      'with a long tenant',
      'line 2: Tenant must have at most 63',
      rows(`${'t'.repeat(64)},${NORTH},read`),
    ],
  ])(
    'refuses a file %s in one line without a token, and with 2: %s',
    async ([, says, content], { fileOf }) => {
      const file = await fileOf(content);

      const { exitCode, stdout, stderr } = await runHere(['serve', '--tokens', file]);

      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(new RegExp(`^tokens\\.csv, ${says}.*\n$`));
      for (const token of [NORTH, SOUTH]) expect(stderr).not.toContain(token.slice(0, 31));
    },
  );

  it('reads the file that TOKENS_FILE names, and says when it is not there', async () => {
    const { exitCode, stderr } = await runHere(['serve'], { TOKENS_FILE: '/nowhere/tokens.csv' });

    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: 'tokens.csv, line 1: it cannot be read (ENOENT)\n',
    });
  });

  it.each(['0', '-1', '1.5', 'many'])('takes no rate limit of %s', async (limit) => {
    const { exitCode, stderr } = await runHere(['serve', `--rate-limit=${limit}`]);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('whole number from 1 to 1000000');
  });
});

function rows(...lines: readonly string[]): string {
  return [HEADER, ...lines, ''].join('\n');
}

function ofSharedServer(): Record<string, string> {
  const { address } = inject('testServer');
  return { TEMPORAL_ADDRESS: address, FEE_TASK_QUEUE: `test-${uuid()}` };
}

async function ask(url: string, path: string, token?: string, body?: object) {
  const answer = await fetch(`${url}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      'Content-Type': 'application/json',
      'Idempotency-Key': 'key-1',
      Connection: 'close',
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
