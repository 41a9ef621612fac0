import { describe, expect, it } from 'vitest';
import { listChapters } from './chapters.ts';
import { readReport, renderBook } from './render/book.ts';
import { plant, readTree } from './tree.ts';

const CHAPTER = `/**
 * Chapter 2. Five clients, one run
 *
 * Claim     The account pays once
 *           under <its> key.
 * Method    Five clients.
 * Evidence  The balance.
 * Control   Without the key.
 */
it('pays once', () => \`a \\\`\\\`\\\` fence\`);
`;
const TREE = {
  'tests/chapters/10-later.test.ts': CHAPTER.replace('2. Five', '10. Later'),
  'tests/chapters/02-five.test.ts': CHAPTER.replaceAll('\\`', '`'),
};

describe('the book', () => {
  it('has every chapter of this repository in the order of their numbers, with its code', () => {
    const tree = readTree();

    const book = renderBook(tree, undefined);

    const headings = [...book.matchAll(/^## Chapter (\d+)\. /gm)].map(([, number]) =>
      Number(number),
    );
    expect(headings).toEqual(listChapters(tree).map(({ number }) => number));
    for (const name of ['Claim', 'Method', 'Evidence', 'Control', 'Result']) {
      const said = book.match(new RegExp(`^\\*\\*${name}\\.\\*\\* \\S`, 'gm'));
      expect(said, `${name} of each`).toHaveLength(headings.length);
    }
  });

  it('says what each test came to in the last run, and which chapter was not in it', () => {
    const book = renderBook(plant(TREE), readReport(JSON.stringify(REPORT)));

    expect(book).toContain('In the run of 2026-01-01T00:00:00.000Z, 1 of 2 tests passed');
    expect(book).toContain(
      '**Result.** 1 of 2 tests passed.\n\n- passed: an account: pays once\n- failed: an account: &lt;b> pays',
    );
    expect(book).toContain('**Result.** 10-later.test.ts was not in that run.');
  });

  it('says plainly that there is no report, and keeps what it quotes as it is', () => {
    const book = renderBook(plant(TREE), undefined);

    expect(book).toContain('There is no report of a run, so no results are told.');
    expect(book).toContain('**Claim.** The account pays once under &lt;its> key.');
    expect(book).toContain("````ts\nit('pays once', () => `a ``` fence`);\n````");
    expect(book.indexOf('Chapter 2.')).toBeLessThan(book.indexOf('Chapter 10.'));
  });

  it('takes no file for a report that is none', () => {
    expect(() => readReport('{"results": []}')).toThrow('testResults');
  });
});

const REPORT = {
  startTime: Date.UTC(2026, 0, 1),
  testResults: [
    {
      name: '/somewhere/tests/chapters/02-five.test.ts',
      assertionResults: [
        { ancestorTitles: ['an account'], title: 'pays once', status: 'passed' },
        { ancestorTitles: ['an account'], title: '<b> pays', status: 'failed' },
      ],
    },
  ],
};
