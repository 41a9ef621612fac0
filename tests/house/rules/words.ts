import type { Rule } from '../tree.ts';

/** The words that make the claim true, or take it back. */
const HONEST = /\bkeys?\b|at least once|\brefut|\bsa(id|ys?)\b/i;
const CLAIM = /exactly[ -]once/i;
const READ = /^(src\/.*\.ts|tests\/chapters\/.*\.ts|README\.md)$/;

export const wordsRule: Rule = {
  claim: 'nobody promises "exactly once" without the key in the same sentence',
  find: (files) =>
    files
      .filter(({ path }) => READ.test(path))
      .flatMap(({ path, text }) =>
        sentences(text)
          .filter((sentence) => CLAIM.test(sentence) && !HONEST.test(sentence))
          .map((sentence) => ({
            path,
            message: `promises "exactly once": name the key, or say "at least once, one effect" (${sentence.slice(0, 100)})`,
          })),
      ),
  good: {
    'a promise with its key': {
      'src/idempotency/store.ts':
        '/** The effect happens exactly once,\n * as long as the key is kept. */',
    },
    'a promise that is taken back': { 'README.md': '"Exactly once" is what people say.' },
  },
  bad: {
    'a promise over two lines of a comment': {
      tree: { 'src/idempotency/store.ts': '/** It has a key. It runs exactly\n * once. */' },
      found: ['src/idempotency/store.ts'],
    },
    'a promise in prose': {
      tree: { 'README.md': 'Use a key.\n\n- Charges exactly once\n- Has a key\n' },
      found: ['README.md'],
    },
  },
};

/** Comment marks are taken off first; a blank line, a list item or a full stop ends a sentence. */
function sentences(text: string): string[] {
  return text
    .replace(/^[ \t]*(\/\*\*|\*\/|\*|\/\/)[ \t]?/gm, '')
    .split(/(?<=[.!?;])["'`)]*\s|\n\s*\n|\n\s*(?=[-|#*] )/)
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim());
}
