import { type ReadClaim, readClaims, readTitles } from '../../claims/read.ts';
import { CLAIMS_PAGE, fillClaims } from '../../claims/render.ts';
import { MUTANTS } from '../mutations/table.ts';
import type { Rule } from '../tree.ts';

const CLAIMS = /^tests\/claims\/.*\.ts$/;
/** One line of a page. */
const QUOTE_LENGTH = 120;

const CHAPTER = 'tests/chapters/05-lost-acknowledgement.test.ts';
const KEY_LEFT_OUT = 'the key is left out: the effect happens whenever it is asked for';
const REMEDY = 'finds its key when its report is lost';
const tests = {
  [CHAPTER]: `it('takes it twice', f); it.for([['keyed', '${REMEDY}']])('%s: it %s', f);\nconst title = 'no test';`,
};
const written = (...claims: object[]) => ({
  ...tests,
  'tests/claims/a.ts': `export const CLAIMS = [\n${claims.map((claim) => JSON.stringify(claim)).join(',\n')}];`,
});
const claim = {
  said: 'A run is an effect.',
  verdict: 'false',
  shownBy: { file: CHAPTER, test: 'takes it twice' },
};
const remedied = { ...claim, said: 'Reports arrive.', mutant: KEY_LEFT_OUT };

/** Reads the claims from the text of their files, where each is plain data. */
export const claimsRule: Rule = {
  claim: 'what people say has a verdict and a test that exists, and is said once',
  find: (files) => {
    const claims = files.filter(({ path }) => CLAIMS.test(path)).flatMap(readClaims);
    const named = new Set(claims.map(({ file }) => file));
    const titles = new Map(
      files.filter(({ path }) => named.has(path)).map((file) => [file.path, readTitles(file)]),
    );
    return claims.flatMap((one, index) =>
      complaints(one, claims.slice(0, index), titles).map((message) => ({
        path: one.path,
        line: one.line,
        message,
      })),
    );
  },
  good: {
    'claims with their tests': written(
      claim,
      { ...remedied, remedy: REMEDY },
      { ...remedied, said: 'Keys help.', shownBy: { file: CHAPTER, test: REMEDY } },
    ),
  },
  bad: {
    'a claim without a verdict': {
      tree: written({ ...claim, verdict: undefined }),
      found: ['tests/claims/a.ts:2'],
    },
    'a verdict without a test, and one whose test has no file': {
      tree: written(
        { ...claim, shownBy: undefined },
        {
          ...claim,
          said: 'Another.',
          shownBy: { file: 'tests/a.test.ts', test: 'takes it twice' },
        },
      ),
      found: ['tests/claims/a.ts:2', 'tests/claims/a.ts:3'],
    },
    'a test that was renamed, or that is only a string of its file': {
      tree: written(
        { ...claim, shownBy: { file: CHAPTER, test: 'takes it thrice' } },
        { ...claim, said: 'Another.', shownBy: { file: CHAPTER, test: 'no test' } },
      ),
      found: ['tests/claims/a.ts:2', 'tests/claims/a.ts:3'],
    },
    'a claim that is made twice': {
      tree: written(claim, { ...claim, verdict: 'true' }),
      found: ['tests/claims/a.ts:3'],
    },
    'a mutant that is none, and one that breaks another file': {
      tree: written(
        { ...claim, mutant: 'the sky is green' },
        { ...claim, said: 'Another.', mutant: 'the attempt is in the key' },
      ),
      found: ['tests/claims/a.ts:2', 'tests/claims/a.ts:3'],
    },
    'a remedy that no mutant takes out, and one that is no test': {
      tree: written({ ...claim, remedy: REMEDY }, { ...remedied, remedy: `never ${REMEDY}` }),
      found: ['tests/claims/a.ts:2', 'tests/claims/a.ts:3'],
    },
    'a mutant that runs another test than the one that has to turn red': {
      tree: written(remedied),
      found: ['tests/claims/a.ts:2'],
    },
    'a quote of more than a line': {
      tree: written({ ...claim, quote: 'word '.repeat(30) }),
      found: ['tests/claims/a.ts:2'],
    },
  },
};

const MARKS = '<!-- claims:begin -->\n<!-- claims:end -->';

export const claimsPageRule: Rule = {
  claim: 'the page of the book has every claim, as tests/claims has it',
  find: (files) => {
    const text = files.find(({ path }) => path === CLAIMS_PAGE)?.text;
    if (text === undefined) return [];
    try {
      if (fillClaims(text) === text) return [];
      return [{ path: CLAIMS_PAGE, message: 'is not up to date: run "npm run fix"' }];
    } catch (error) {
      return [{ path: CLAIMS_PAGE, message: String(error) }];
    }
  },
  good: { 'a page that was just written': { [CLAIMS_PAGE]: fillClaims(MARKS) } },
  bad: {
    'a page without marks': { tree: { [CLAIMS_PAGE]: '# A' }, found: [CLAIMS_PAGE] },
    'a verdict that was mended by hand': {
      tree: { [CLAIMS_PAGE]: fillClaims(MARKS).replace('### False', '### True') },
      found: [CLAIMS_PAGE],
    },
  },
};

function complaints(
  { said, verdict, quote, mutant, remedy, file, test }: ReadClaim,
  before: readonly ReadClaim[],
  titles: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  const { chapter: broken, test: narrowed = '' } =
    MUTANTS.find(({ name }) => name === mutant) ?? {};
  const red = remedy ?? test ?? '';
  const findings: readonly (readonly [isFound: boolean, message: string])[] = [
    [verdict === undefined, 'has no verdict: "true", "false", or "true if …"'],
    [file === undefined || test === undefined, 'names no test: write the one that shows it'],
    [file !== undefined && !titles.has(file), `names a file that is not there: ${file}`],
    [
      test !== undefined && titles.get(file ?? '')?.has(test) === false,
      `names a test that is not in ${file}: "${test}"`,
    ],
    [before.some((other) => other.said === said), 'is there already: once is enough'],
    [mutant !== undefined && broken === undefined, `names a mutant that is none: "${mutant}"`],
    [broken !== undefined && broken !== file, `names a mutant that breaks ${broken}, not ${file}`],
    [remedy !== undefined && mutant === undefined, 'names a remedy, and no mutant takes it out'],
    [
      remedy !== undefined && titles.get(file ?? '')?.has(remedy) === false,
      `names a remedy that is not a test of ${file}: "${remedy}"`,
    ],
    [!red.includes(narrowed), `names a mutant that runs "${narrowed}" alone, and not "${red}"`],
    [(quote ?? '').length > QUOTE_LENGTH, `quotes more than a line (${QUOTE_LENGTH} characters)`],
  ];
  return findings.filter(([isFound]) => isFound).map(([, message]) => `"${said}" ${message}`);
}
