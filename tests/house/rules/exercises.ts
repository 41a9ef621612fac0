import { LOCK_PATH, lockText } from '#workshop/learner/lock';
import { problemsIn } from '#workshop/verify/rules';
import { type Planted, plant, type Rule } from '../tree.ts';

const CLAIMS = {
  title: 'A title',
  story: 'A story.',
  minutes: 5,
  claims: ['TWICE', 'ONE-FEE'],
  scenery: ['TWICE'],
  starter: ['ONE-FEE'],
  wrong: { lock: { must: ['ONE-FEE'], says: 'It only waits.' } },
  hints: ['Who asked?', 'Remember it.', 'known.get(___)'],
  lesson: 'It holds.',
  question: 'why?',
  defeats: { belief: 'A lock will do.', seen: 'Everywhere.' },
};
const AT = 'exercises/01-fee';

/** A whole exercise, and what is to be different in it. */
const exercise = (claims: object = {}, files: Planted = {}): Planted => ({
  [`${AT}/README.md`]: '# 01 · A title\n',
  [`${AT}/claims.json`]: JSON.stringify({ ...CLAIMS, ...claims }),
  [`${AT}/test.ts`]: '',
  [`${AT}/starter/fee.ts`]: '// TODO(remember it)\nask();\n',
  [`${AT}/solution/fee.ts`]: 'ask(key);\n',
  [`${AT}/wrong-lock/fee.ts`]: 'lock(ask);\n',
  ...files,
});

/** What can be seen without running them; `npm run workshop:verify` runs them. */
export const exercisesRule: Rule = {
  claim: 'every exercise is whole, its claims can be broken, and its way to the solution is short',
  find: (files) => [...problemsIn(files)],
  good: { 'a whole exercise': exercise() },
  bad: {
    'claims that do not fit together': {
      tree: exercise({ scenery: [], starter: ['ONE-FEE', 'NO-SUCH'], wrong: {} }, {}),
      found: [...Array(3).fill(`${AT}/claims.json`), AT],
    },
    'claims that are none': {
      tree: exercise({ claims: ['one fee'] }),
      found: [`${AT}/claims.json`],
    },
    'hints that say too much, or too little': {
      tree: exercise({ hints: ['Call `ask`.', 'Remember it.', 'known.get(key)'] }),
      found: Array(2).fill(`${AT}/claims.json`),
    },
    'a starter that asks for too much': {
      tree: exercise({}, { [`${AT}/solution/fee.ts`]: 'x();\n'.repeat(9) }),
      found: [AT],
    },
    'a solution that leaves something to be done': {
      tree: exercise({}, { [`${AT}/solution/fee.ts`]: '// TODO(more)\nask(key);\n' }),
      found: [AT],
    },
    'a starter that does not say what to do': {
      tree: exercise({}, { [`${AT}/starter/fee.ts`]: 'ask();\n' }),
      found: [AT],
    },
    'a test inside a variant, a stray file, a wrong turn that nobody names': {
      tree: exercise(
        {},
        {
          [`${AT}/starter/fee.test.ts`]: '',
          [`${AT}/notes.md`]: '',
          [`${AT}/wrong-other/fee.ts`]: '',
        },
      ),
      found: Array(5).fill(AT),
    },
    'a README of another exercise': {
      tree: exercise({}, { [`${AT}/README.md`]: `# 02 · Another\n${'\n'.repeat(45)}end` }),
      found: Array(2).fill(AT),
    },
    'two exercises with one number': {
      tree: {
        ...exercise(),
        ...Object.fromEntries(
          Object.entries(exercise()).map(([path, text]) => [path.replace('fee', 'tip'), text]),
        ),
      },
      found: ['exercises/01-tip'],
    },
  },
};

const locked = (tree: Planted): Planted => ({ ...tree, [LOCK_PATH]: lockText(plant(tree)) });

export const lockRule: Rule = {
  claim: 'exercises/claims.lock knows the tests of the exercises as they are',
  find: (files) => {
    const written = files.find(({ path }) => path === LOCK_PATH)?.text ?? '{}\n';
    if (written === lockText(files)) return [];
    return [{ path: LOCK_PATH, message: 'is not up to date: run "npm run fix"' }];
  },
  good: {
    'a lock that was just written': locked(exercise()),
    'a variant that has changed since': {
      ...locked(exercise()),
      [`${AT}/solution/fee.ts`]: 'ask(sameKey);\n',
    },
  },
  bad: {
    'an exercise that it does not know': { tree: exercise(), found: [LOCK_PATH] },
    'a test that has changed since': {
      tree: { ...locked(exercise()), [`${AT}/test.ts`]: 'changed();' },
      found: [LOCK_PATH],
    },
    'something shared that is new': {
      tree: { ...locked(exercise()), [`${AT}/shared/workflows.ts`]: '' },
      found: [LOCK_PATH],
    },
  },
};
