import { CHAPTER_PATH, HEADER_FIELDS, readHeader } from '../chapters.ts';
import { isCode } from '../syntax.ts';
import type { Rule, SourceFile } from '../tree.ts';

const CHAPTER = `/**
 * Chapter 2. Five clients, one run
 *
 * Claim     The account pays once.
 * Method    Five clients
 *           start together.
 * Evidence  The balance.
 * Control   The first test.
 */
`;

export const chaptersRule: Rule = {
  claim: 'every chapter opens with its number, its title and four lines',
  find: (files) =>
    files
      .filter((file) => file.path.startsWith('tests/chapters/') && isCode(file))
      .flatMap((file, _, chapters) =>
        complaints(file, chapters).map((message) => ({ path: file.path, message })),
      ),
  good: { 'a chapter with its header': { 'tests/chapters/02-five-clients.test.ts': CHAPTER } },
  bad: {
    'a file that is no chapter': {
      tree: { 'tests/chapters/helpers.ts': '' },
      found: ['tests/chapters/helpers.ts'],
    },
    'a chapter without a header': {
      tree: { 'tests/chapters/02-five-clients.test.ts': `import 'vitest';` },
      found: Array(2).fill('tests/chapters/02-five-clients.test.ts'),
    },
    'a header under another number': {
      tree: { 'tests/chapters/03-five-clients.test.ts': CHAPTER },
      found: ['tests/chapters/03-five-clients.test.ts'],
    },
    'a chapter without a control': {
      tree: { 'tests/chapters/02-five.test.ts': CHAPTER.replace(/ \* Control.*\n/, '') },
      found: ['tests/chapters/02-five.test.ts'],
    },
    'two chapters with one number': {
      tree: { 'tests/chapters/02-five.test.ts': CHAPTER, 'tests/chapters/02-six.test.ts': CHAPTER },
      found: ['tests/chapters/02-five.test.ts', 'tests/chapters/02-six.test.ts'],
    },
  },
};

function complaints(file: SourceFile, chapters: readonly SourceFile[]): string[] {
  const number = CHAPTER_PATH.exec(file.path)?.[1];
  if (!number) return ['is no chapter: name it NN-slug.test.ts, or move it out of tests/chapters'];

  const header = readHeader(file.text);
  const names = header.fields.map(([name]) => name).join(', ');
  const twins = chapters.filter(({ path }) => CHAPTER_PATH.exec(path)?.[1] === number);
  return [
    header.number === Number(number)
      ? []
      : [`opens with "Chapter ${header.number}. …": its file says Chapter ${Number(number)}`],
    names === HEADER_FIELDS.join(', ')
      ? []
      : [`has the lines "${names}" in its header: it needs ${HEADER_FIELDS.join(', ')}`],
    twins.length === 1 ? [] : [`shares its number with ${twins.length - 1} more: renumber one`],
  ].flat();
}
