import { describe, expect, it } from 'vitest';
import { type Paint, renderEvidence, renderPair, renderTable, renderVerdict } from '#report';
import { createRecorder } from '#testkit';

/** Colours that can be read. */
const paint: Paint = {
  good: (text) => `<good>${text}</good>`,
  bad: (text) => `<bad>${text}</bad>`,
  limit: (text) => `<limit>${text}</limit>`,
  title: (text) => `<title>${text}</title>`,
  faint: (text) => text,
};

describe('a table', () => {
  it('sets numbers to the right, words to the left, and leaves no blanks at the end', () => {
    const text = renderTable(
      {
        title: 'What is left',
        columns: ['account', 'cents'],
        rows: [
          ['alice', 5],
          ['bob', '1000.00'],
        ],
      },
      paint,
    );

    expect(text.split('\n')).toEqual([
      'What is left',
      '  account    cents',
      '  alice          5',
      '  bob      1000.00',
    ]);
  });
});

describe('a verdict', () => {
  const story = { says: 'PROOF: 1 effect', details: ['run ID  abc'], problems: [] };

  it('is good where the claim holds', () => {
    const text = renderVerdict({ holds: true, ...story }, paint);

    expect(text).toBe('<good>PROOF: 1 effect</good>\n  run ID  abc');
  });

  it('is bad, says what broke and keeps the proof to itself where the claim does not hold', () => {
    const problems = ['order order-1: 2 effects instead of 1'];
    const text = renderVerdict({ holds: false, ...story, problems }, paint);

    expect(text).toContain('<bad>THE CLAIM DOES NOT HOLD</bad>');
    expect(text).toContain('<bad>  order order-1: 2 effects instead of 1</bad>');
    expect(text).not.toContain('PROOF');
  });
});

describe('the evidence of an experiment', () => {
  it('is told by its claim, its requests, its effects and its tables', async () => {
    const recorder = createRecorder('An order pays once.');
    await recorder.request('client 1', async () => ({ status: 200 }));
    await recorder.request('client 2', async () => ({ status: 200 }));
    recorder.effects([{ key: 'order-1', by: 'run abc', at: 0 }]);
    recorder.table({ title: 'Accounts', columns: ['account'], rows: [['alice']] });

    expect(renderEvidence(recorder.evidence(), paint).split('\n')).toEqual([
      '<title>An order pays once.</title>',
      '2 requests of 2 clients, 1 effect in the ledger',
      '',
      'Accounts',
      '  account',
      '  alice',
    ]);
  });

  it('is told beside its control, a line each, and what is not as claimed is red', () => {
    const withoutKey = createRecorder('without a key');
    withoutKey.verdict({ holds: true, says: '2 effects', details: [], problems: [] });
    const withKey = createRecorder('with a key');
    withKey.verdict({ holds: true, says: '1 effect', details: [], problems: [] });
    const broken = createRecorder('broken');
    broken.verdict({ holds: false, says: '2 effects', details: [], problems: ['a'] });
    const [control, remedy] = [withoutKey.evidence(), withKey.evidence()];

    expect(renderPair('LOST', [control, remedy], paint)).toBe(
      'LOST\n  without a key  <limit>2 effects</limit>\n  with a key     <good>1 effect</good>',
    );
    expect(renderPair('LOST', [control, broken.evidence()], paint)).toContain(
      '  broken         <bad>2 effects (not as claimed)</bad>',
    );
  });
});
