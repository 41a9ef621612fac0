import { inFile, type Mutant } from './mutant.ts';

const TESTS = 'tests/rooms/workshop';

/** What keeps a learner's work, tells the truth of it, and lets nobody wait. */
export const WORKSHOP_MUTANTS: readonly Mutant[] = [
  {
    name: "what a judge has made of a learner's file is kept",
    edits: [
      inFile(
        'src/workshop/judge/module-cache.ts',
        'return isOwn ? undefined : false;',
        'return isOwn ? undefined : undefined;',
      ),
    ],
    chapter: 'tests/rooms/workshop/command.test.ts',
    test: 'keeps what it has made of its own modules',
  },
  {
    name: 'undo puts nothing away before it brings back',
    edits: [
      inFile('src/workshop/learner/my.ts', 'await keep(root, last.folders, now);', 'void now;'),
    ],
    chapter: `${TESTS}/my.test.ts`,
  },
  {
    name: 'what stopped before its claims counts as a try',
    edits: [inFile('src/workshop/learner/state.ts', 'if (stopped) return state;', '')],
    chapter: `${TESTS}/state.test.ts`,
  },
  {
    name: 'a test that was changed is trusted',
    edits: [
      inFile(
        'src/workshop/commands/check.ts',
        "if (testStateOf(judgement.exercise, root) === 'changed') return EXIT.testChanged;",
        '',
      ),
    ],
    chapter: `${TESTS}/command.test.ts`,
    test: 'does not trust a test that was changed',
  },
  {
    name: 'each event of a save is judged',
    edits: [
      inFile(
        'src/workshop/watch/folder.ts',
        'clock.after(SETTLES_MS, tell)',
        'clock.after(0, tell)',
      ),
    ],
    chapter: `${TESTS}/watch.test.ts`,
  },
  {
    name: 'a reset asks nobody',
    edits: [
      inFile(
        'src/workshop/watch/actions.ts',
        "if (key !== 'y') return;",
        "if (key === 'z') return;",
      ),
    ],
    chapter: `${TESTS}/watch-keys.test.ts`,
  },
  {
    name: 'what the code of a learner prints moves the cursor',
    edits: [inFile('src/workshop/screen/text.ts', ".replaceAll(ESCAPED, '')", '')],
    chapter: `${TESTS}/screen-look.test.ts`,
  },
  {
    name: 'what a record holds is markup in its picture',
    edits: [inFile('src/report/picture-markup.ts', `/[&<>"']/g`, '/[&]/g')],
    chapter: 'tests/rooms/report/picture.test.ts',
  },
  {
    name: 'the balance of a picture is that of the last entry that is drawn',
    edits: [
      inFile(
        'src/report/picture-scene.ts',
        'balancesOf(evidence.ledger)',
        'balancesOf(ledger.items)',
      ),
    ],
    chapter: 'tests/rooms/report/picture-fold.test.ts',
  },
  {
    name: 'a picture has muted text that is hard to read',
    edits: [inFile('src/report/picture-style.ts', '--muted:#565e69', '--muted:#767e89')],
    chapter: 'tests/rooms/report/picture-accessible.test.ts',
    test: 'contrast',
  },
  {
    name: 'the bank takes each key for a new one',
    edits: [
      inFile(
        'exercises/rig/bank.ts',
        'if (key !== undefined) known.set(key, entry);',
        'if (key !== undefined) known.set(`${key}${book.length}`, entry);',
      ),
    ],
    chapter: 'exercises/09-exactly-once-myth/test.ts',
  },
];
