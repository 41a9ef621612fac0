import { describe, expect, it } from 'vitest';
import { PICTURE_BYTES, type Picture, renderPicture } from '#report';
import type { Evidence } from '#testkit';
import {
  broken,
  facts,
  held,
  openPage,
  paced,
  pictureOfFees,
  recordFees,
  textsOf,
} from './picture-recorded.ts';

describe('the picture of a fee whose first answer is lost', () => {
  it('draws client, run, attempts, ledger and balance, before above after', async () => {
    const { document } = openPage(renderPicture(await pictureOfFees(1)));
    const [before, after, ...more] = [...document.querySelectorAll('figure svg')];

    const attempts =
      'run | run …0001 | attempts | deductFee 1 | answer lost | deductFee 2 | completed';
    expect(textsOf(before ?? null, LANES).join(' | ')).toBe(
      `clients | client 1 | 980 | ${attempts} | ledger | −10 written, no key | −10 written, no key | ` +
        'balance | alice | 1000 | 990 | 980 left',
    );
    expect(textsOf(after ?? null, LANES).join(' | ')).toBe(
      `clients | client 1 | 990 | ${attempts} | ledger | −10 written | −10 key known, nothing written | ` +
        'balance | alice | 1000 | 990 left',
    );
    expect(more).toEqual([]);
  });

  it('has a dashed bar for the lost answer, ◆ for what was written, ◇ for the key that was known', async () => {
    const { document } = openPage(renderPicture(await pictureOfFees(1)));
    const figures = [...document.querySelectorAll('figure')];
    const shapes = figures.map((figure) =>
      ['.bar.lost', '.bar.completed', '.written', '.known'].map(
        (shape) => textsOf(figure, shape).length,
      ),
    );

    expect(shapes).toEqual([
      [1, 1, 2, 0],
      [1, 1, 1, 1],
    ]);
  });

  it('says the same in a sentence, in its description and for everybody to read', async () => {
    const { document } = openPage(renderPicture(await pictureOfFees(1)));
    const says =
      'client 1 asks, and hears: 990. Attempt 1 of deductFee has asked the ledger, and its answer is lost. ' +
      'Attempt 2 of deductFee completes. The ledger is asked 2 times: 1 × written; 1 × key known, nothing written. ' +
      'Balance of alice: 1000 → 990.';

    expect(plain(textsOf(document, 'figcaption')[1])).toBe(says);
    expect(plain(textsOf(document, '#after-1-desc')[0])).toBe(says);
    const drawing = [...document.querySelectorAll('svg[role=img]')].at(1);
    expect(drawing?.getAttribute('aria-describedby')).toBe('after-1-desc');
    expect(drawing?.getAttribute('aria-labelledby')).toBe('after-1-title');
    expect(textsOf(document, '#after-1-title')).toEqual(['After: the solution']);
  });

  it('says the same in a table, a step a row, with the scope of each heading', async () => {
    const { document } = openPage(renderPicture(await pictureOfFees(1)));
    const table = [...document.querySelectorAll('.of-steps')].at(1) ?? null;

    const attempt = (number: number) => `deductFee, attempt ${number}, run …0001, worker 1`;
    expect(textsOf(table, 'caption')).toEqual(['Test 1, step by step. After: the solution']);
    expect(textsOf(table, 'th[scope=col]')).toEqual(['step', 'ms', 'who', 'what happened']);
    const steps = [...(table?.querySelectorAll('tbody tr') ?? [])].map((row) =>
      textsOf(row, 'th[scope=row], td:nth-child(n+3)').join(' | '),
    );
    expect(steps).toEqual([
      '1 | client 1 | asks',
      `2 | ${attempt(1)} | starts`,
      '3 | ledger | alice −10: written, key fee:order-0; 990 left',
      `4 | ${attempt(1)} | answer lost (No answer from the bank)`,
      `5 | ${attempt(2)} | starts`,
      '6 | ledger | alice −10: key known, nothing written, key fee:order-0; 990 left',
      `7 | ${attempt(2)} | completed`,
      '8 | client 1 | hears: 990 (run …0001)',
    ]);
  });

  it('has each claim in a row of its own, which a link finds by its code', async () => {
    const { document } = openPage(renderPicture(await pictureOfFees(1)));

    expect(textsOf(document, '#ONE-DEDUCTION > *').join(' | ')).toBe(
      'ONE-DEDUCTION | the bank wrote one entry | 1 | ✗ fails: 2 | ✓ holds: 1',
    );
    expect(textsOf(document, 'h3')).toEqual([
      'Before: the starter ✗ 1 of 1 claim fails',
      'After: the solution ✓ 1 claim holds',
    ]);
  });

  it('names where it was recorded', async () => {
    const fees = await pictureOfFees(1);
    const html = renderPicture({ ...fees, facts: { ...facts, seed: '42' } });

    expect(textsOf(openPage(html).document, 'footer')).toEqual([
      'Recorded 2026-01-31 12:00 UTC at commit 1234567, Temporal server 1.29.1, TypeScript SDK 1.24.0, seed 42. ' +
        'Drawn from that record, nothing by hand.',
    ]);
  });
});

describe('a picture', () => {
  it('needs nothing but itself: no script, no address, less than 30 KB', async () => {
    for (const clients of [1, 5, 50]) {
      const html = renderPicture(await pictureOfFees(clients));
      expect(html).not.toMatch(/<script|<link|<img|http|url\(|@import|\bon\w+=|\b(src|href)=/);
      expect(Buffer.byteLength(html), `bytes for ${clients} clients`).toBeLessThan(PICTURE_BYTES);
    }
  });

  it('is the same page whatever the names in the record are: they are text', async () => {
    const shape = (html: string) =>
      [...openPage(html).document.querySelectorAll('*')].map(
        (element) => `${element.tagName} ${element.getAttributeNames().join(' ')}`,
      );
    const evidence = await recordFees();
    const tame = picture(evidence, 'ok');
    const wild = picture(evidence, EVIL);
    const html = renderPicture(wild);

    expect(shape(html)).toEqual(shape(renderPicture(tame)));
    expect(html).not.toContain('<script');
    expect(html).not.toContain('\u0000');
    expect(textsOf(openPage(html).document, 'h1')[0]).toContain(`"'&amp;<script>`);
  });

  it('takes time for its axis where there is room for it, and equal steps where marks would meet', async () => {
    const evidence = await recordFees();
    const axis = (ofTest: Evidence) => {
      const html = renderPicture({ ...picture(ofTest, 'ok'), after: side([ofTest]) });
      return openPage(html).document.querySelector('section > p')?.textContent ?? '';
    };

    expect(axis(paced(evidence, 100))).toContain('The axis is time');
    expect(axis(paced(evidence, 0))).toContain('The axis is the order');
  });
});

/** All words of a drawing but the numbers of its axis. */
const LANES = 'text:not(.axis text, .axis + text)';
const EVIL = `"'&amp;<script>alert(1)</script>\u0000</title></style></svg>`;

/** Sentences have spaces that no line is broken at. */
function plain(text: string | undefined): string | undefined {
  return text?.replaceAll('\u00a0', ' ');
}

function side(evidence: readonly Evidence[], name = 'the solution') {
  return { name, evidence, claims: [broken, held] };
}

/** Every text of the record, and of the page, is this one. */
function picture(evidence: Evidence, name: string): Picture {
  const known = /^(written|known|declined|completed|failed|−10)$/;
  const text = JSON.stringify(evidence, (key, value: unknown) =>
    typeof value === 'string' && !known.test(value) && key !== 'outcome' ? name : value,
  );
  return {
    title: name,
    story: name,
    after: {
      name,
      evidence: [JSON.parse(text) as Evidence],
      claims: [{ code: name, says: name, got: name, wanted: name, holds: false }],
      stopped: name,
    },
    facts: { commit: name, server: name, sdk: name, date: name, seed: name },
  };
}
