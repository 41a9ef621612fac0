import { ENVIRONMENT } from '#config';
import { renderChapters } from '../render/chapters.ts';
import { renderDocuments } from '../render/documents.ts';
import { renderEnvExample, renderEnvironmentTable } from '../render/environment.ts';
import { fillRegion } from '../render/region.ts';
import type { Rule } from '../tree.ts';

const CHAPTER = '/**\n * Chapter 1. A title\n *\n * Claim     It pays | once.\n */';
const ROW = {
  number: 1,
  path: 'tests/chapters/01-a.test.ts',
  title: 'A title',
  claim: 'It pays | once.',
};
const MARKED =
  '<!-- chapters:begin --><!-- chapters:end -->\n<!-- environment:begin --><!-- environment:end -->';
const readme = (chapters: string) =>
  fillRegion(
    fillRegion(MARKED, 'chapters', chapters),
    'environment',
    renderEnvironmentTable(ENVIRONMENT),
  );
const env = renderEnvExample(ENVIRONMENT);

export const generatedRule: Rule = {
  claim: 'the tables of the README and .env.example say what the code says',
  find: (files) => {
    const written = new Map(files.map(({ path, text }) => [path, text]));
    try {
      return renderDocuments(files, ENVIRONMENT)
        .filter(({ path, text }) => written.get(path) !== text)
        .map(({ path }) => ({ path, message: 'is not up to date: run "npm run fix"' }));
    } catch (error) {
      return [{ path: 'README.md', message: String(error) }];
    }
  },
  good: {
    'tables that were just generated': {
      'README.md': readme(renderChapters([ROW])),
      '.env.example': env,
      'tests/chapters/01-a.test.ts': CHAPTER,
    },
  },
  bad: {
    'no README': { tree: { '.env.example': env }, found: ['README.md'] },
    'a README without markers': {
      tree: { 'README.md': '# A', '.env.example': env },
      found: ['README.md'],
    },
    'a chapter without a row': {
      tree: {
        'README.md': readme(renderChapters([])),
        '.env.example': env,
        'tests/chapters/01-a.test.ts': CHAPTER,
      },
      found: ['README.md'],
    },
    'a row without a chapter': {
      tree: { 'README.md': readme(renderChapters([ROW])), '.env.example': env },
      found: ['README.md'],
    },
    'a variable that nobody wrote down': {
      tree: {
        'README.md': readme(renderChapters([])),
        '.env.example': env.replace(/# PORT=.*\n/, ''),
      },
      found: ['.env.example'],
    },
  },
};
