import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { createPaymentLedger } from '#systems/superscript';
import { it } from '#testkit/vitest';

const AT = '2026-01-31T23:59:58Z';
const NAIVE = `${AT}\t42\tcollect\t-\tpid 7`;
const KEYED = `${AT}\t42\tconfirm\twf-42/confirm\trun r-1, attempt 3`;

describe('the ledger of the payment scripts', () => {
  it('has no effects before there is a file', async () => {
    expect(await createPaymentLedger('/nowhere/payments.ledger').effects()).toEqual([]);
  });

  it('is read line by line, with a key or without, each counted by order and step', async () => {
    await using ledger = await ledgerOf(`${NAIVE}\n${KEYED}\n`);

    const payment = { orderId: '42', at: Date.UTC(2026, 0, 31, 23, 59, 58) };
    expect(await ledger.effects()).toEqual([
      { ...payment, key: '42/collect', step: 'collect', by: 'pid 7' },
      {
        ...payment,
        key: '42/confirm',
        step: 'confirm',
        idempotencyKey: 'wf-42/confirm',
        by: 'run r-1',
        attempt: 3,
      },
    ]);
  });

  it('is read also where somebody has a control character that is none of ASCII', async () => {
    await using ledger = await ledgerOf(`${NAIVE.replace('pid 7', 'the\u0085night')}\n`);

    expect(await ledger.effects()).toMatchObject([{ key: '42/collect', by: 'the\u0085night' }]);
  });

  it('counts two lines for one step as two, also under two keys', async () => {
    const another = KEYED.replace('wf-42/confirm', 'wf-42-attempt-2/confirm');
    await using ledger = await ledgerOf(`${KEYED}\n${another}\n`);

    expect(await ledger.effects()).toHaveEffects('42/confirm', 2);
  });

  it('takes no line without its end for an effect, nor one that is marked as torn', async () => {
    // The first and the last look whole: only their ends tell.
    await using ledger = await ledgerOf(
      `${KEYED}\t(torn)\t\n${AT}\t4\t(torn)\t\n${NAIVE}\n${KEYED}`,
    );

    const effects = await ledger.effects();
    expect(effects).toHaveOneEffect('42/collect');
    expect(effects).toHaveEffects('42/confirm', 0);
  });

  it.each([
    { flaw: 'prose', line: 'paid 42 by hand' },
    { flaw: 'an empty line', line: '' },
    { flaw: 'another step', line: NAIVE.replace('collect', 'refund') },
    { flaw: 'no key', line: NAIVE.replace('\t-\t', '\t') },
    { flaw: 'an order ID that is none', line: NAIVE.replace('42', '42x') },
    { flaw: 'a field too many', line: `${NAIVE}\tmore` },
    { flaw: 'a line from Windows', line: `${NAIVE.replace('pid 7', '')}\r` },
  ])('refuses $flaw, and says in which line', async ({ line }) => {
    await using ledger = await ledgerOf(`${NAIVE}\n${line}\n${KEYED}\n`);

    const refusal = await ledger.effects().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'ForeignLedgerLineError', path: ledger.path, line: 2 });
    expect((refusal as Error).message).toContain('Line 2 of the ledger');
  });
});

async function ledgerOf(text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'press-twice-'));
  const path = join(folder, 'payments.ledger');
  await writeFile(path, text);
  const dispose = () => rm(folder, { recursive: true });
  return { ...createPaymentLedger(path), [Symbol.asyncDispose]: dispose };
}
