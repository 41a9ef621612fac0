import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { CheckReport } from '#check';
import { listen } from '#testkit';
import { run } from '../cli/command.ts';
import { pressHere, runHere } from '../cli/here.ts';
import { openEndpoint } from './endpoint.ts';
import { FLAWS } from './planted.ts';

const FAST = ['--account-path', '/accounts/{account}', '--settle', '5', '--duplicates', '5'];

describe('press-twice check', () => {
  it('is a command of its own, which ends with its sum, and with 0 where no MUST is broken', async () => {
    await using endpoint = await openEndpoint();
    const args = [`${endpoint.url}${PATH}`, ...FAST, '--only', 'A02,A05'];

    const { exitCode, stdout } = await run(['check', ...args]);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\n5 held, 0 broken \(0 of them MUST\), 57 not testable\n$/);
  });

  it('shows what is broken first, with what was seen and who says so, and ends with 1', async () => {
    await using endpoint = await openEndpoint({ flaws: [FLAWS.cutsKeys()] });
    const only = ['--only', 'A05,A21'];

    const { exitCode, stdout } = await runHere([
      'check',
      `${endpoint.url}${PATH}`,
      ...FAST,
      ...only,
    ]);

    const [title, , first, ...rest] = stdout.split('\n');
    expect(exitCode).toBe(1);
    expect(title).toContain(`${endpoint.url}${PATH}, `);
    expect(first).toMatch(/^ +A21 +MUST +broken +two keys that differ only .+ +IETF07$/);
    expect(rest[1]).toMatch(/^ +1 effect instead of 2$/);
    expect(stdout).toContain('\nIETF07      draft-ietf-httpapi-idempotency-key-header-07');
    expect(stdout).toMatch(/\n5 held, 1 broken \(1 of them MUST\), 56 not testable\n$/);
  });

  it('prints one JSON document with --json, and nothing else', async () => {
    await using endpoint = await openEndpoint();
    const args = [`${endpoint.url}${PATH}`, ...FAST, '--only', 'A02', '--json'];

    const { exitCode, stdout } = await runHere(['check', ...args]);

    const report = JSON.parse(stdout) as CheckReport;
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ held: 4, broken: 0, brokenMusts: 0, notTestable: 58 });
    expect(report.rules.find(({ id }) => id === 'A02')).toEqual({
      id: 'A02',
      group: 'idempotency',
      level: 'MUST',
      title: 'replay after success: same status, same body, no second effect',
      sources: ['IETF07', 'STRIPE', 'ADYEN', 'AWS'],
      verdict: 'held',
      seen: 'the same answer; 0 effects',
    });
    const named = report.rules.flatMap(({ sources }) => sources);
    expect(
      named.filter((id) => !(id in report.sources)),
      'sources without a text',
    ).toEqual([]);
  });

  it.each([
    ['a URL that is none', ['localhost'], /^No URL: "localhost"/],
    [
      'a machine that is another',
      ['http://192.0.2.1/'],
      /^192\.0\.2\.1 is not this machine: .+--i-own-this/,
    ],
    ['a body that is no JSON', ['http://127.0.0.1:9/', '--body', '{'], /^The body is no JSON: {/],
    ['nobody who answers', ['http://127.0.0.1:9/'], /^Nobody answers at 127\.0\.0\.1:9: /],
    [
      'a file that is not there',
      ['http://127.0.0.1:9/', '--ca', 'none.pem'],
      /^Cannot read none\.pem/,
    ],
  ])('names %s in one line, and ends with 2', async (_what, args, message) => {
    const { exitCode, stdout, stderr } = await runHere(['check', ...args]);

    const errors = stderr.split('\n').filter((line) => !/^(It may|A01, )/.test(line));
    expect({ exitCode, stdout, lines: errors.length }).toEqual({
      exitCode: 2,
      stdout: '',
      lines: 2,
    });
    expect(errors[0]).toMatch(message);
  });

  it('ends with Ctrl-C, while an endpoint keeps it waiting', async () => {
    await using silent = await listen(() => void asked.dispatchEvent(new Event('asked')));
    const asked = new EventTarget();
    const command = pressHere(['check', silent.url]);

    await once(asked, 'asked');
    process.emit('SIGINT', 'SIGINT');

    expect((await command.finished).exitCode).toBe(130);
  });
});

const PATH = '/idempotent/deduct-fee/order-1';
