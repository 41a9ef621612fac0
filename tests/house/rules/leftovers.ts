import { dottedName, importsOf, isCode, lineAt, nodesOf, parse } from '../syntax.ts';
import type { Offence, Rule, SourceFile } from '../tree.ts';

const REMINDER = /\b(TODO|FIXME|XXX)\b/;
const SWITCHED = /^(it|test|describe|suite|bench|expect)\b.*\.(only|skip|todo)\b/;
const SWITCHED_OFF = /^(xit|xtest|xdescribe|fit|fdescribe)$/;
/** What a learner is to do, of which there is one in each exercise (exercises.ts). */
const LEFT_ON_PURPOSE = /^exercises\/[^/]+\/starter\//;
const SLEEP = /(^|\.)(setTimeout|setInterval|sleep)$/;

export const leftoversRule: Rule = {
  claim: 'no test is switched off and nothing is left to be done',
  find: (files) =>
    files
      .filter(({ path }) => path !== 'package-lock.json' && !LEFT_ON_PURPOSE.test(path))
      .flatMap((file) => (isCode(file) ? [...switches(file), ...reminders(file)] : notes(file))),
  good: {
    'tests that run, and words that only look alike': {
      'exercises/01-a/starter/a.ts': '// TODO(remember it): it comes again.',
      'tests/rooms/a.test.ts': `it('skips nothing', () => { list.skip(); }); // the only one`,
    },
  },
  bad: {
    'a solution that is none': {
      tree: { 'exercises/01-a/solution/a.ts': '// TODO(more): of it' },
      found: ['exercises/01-a/solution/a.ts:1'],
    },
    'a test that runs alone': {
      tree: { 'tests/rooms/a.test.ts': `\nit.only('a', () => {});` },
      found: ['tests/rooms/a.test.ts:2'],
    },
    'tests that do not run': {
      tree: { 'tests/rooms/a.test.ts': `describe.skip.each([1])('a');\nxit('b');\nit.todo('c');` },
      found: ['tests/rooms/a.test.ts:1', 'tests/rooms/a.test.ts:2', 'tests/rooms/a.test.ts:3'],
    },
    'a reminder in a comment': {
      tree: { 'src/cli/a.ts': `const a = 1;\n// TODO: more` },
      found: ['src/cli/a.ts:2'],
    },
    'a reminder in prose': {
      tree: { 'README.md': `# A\n\nFIXME` },
      found: ['README.md:3'],
    },
  },
};

export const sleepRule: Rule = {
  claim: 'no chapter waits for a time: it waits for an event',
  find: (files) =>
    files
      .filter((file) => file.path.startsWith('tests/chapters/') && isCode(file))
      .flatMap((file) => [
        ...callsIn(file)
          .filter(({ name }) => SLEEP.test(name))
          .map(({ name, line }) => ({ path: file.path, line, message: instead(name) })),
        ...importsOf(file)
          .filter(({ from }) => /^(node:)?timers(\/promises)?$/.test(from))
          .map(({ from, line }) => ({ path: file.path, line, message: instead(from) })),
      ]),
  good: {
    'a chapter that waits for a barrier': {
      'tests/chapters/01-a.test.ts': 'await barrier.arrive();',
    },
  },
  bad: {
    'a chapter that sleeps': {
      tree: {
        'tests/chapters/01-a.test.ts': `\nawait new Promise((done) => setTimeout(done, 100));`,
      },
      found: ['tests/chapters/01-a.test.ts:2'],
    },
    'a chapter that imports a sleep': {
      tree: { 'tests/chapters/01-a.test.ts': `import { setTimeout } from 'node:timers/promises';` },
      found: ['tests/chapters/01-a.test.ts:1'],
    },
  },
};

function switches(file: SourceFile): Offence[] {
  return callsIn(file)
    .filter(({ name }) => SWITCHED.test(name) || SWITCHED_OFF.test(name))
    .map(({ name, line }) => ({
      path: file.path,
      line,
      message: `has ${name}: let every test run, or delete it`,
    }));
}

function reminders(file: SourceFile): Offence[] {
  return parse(file)
    .comments.filter(({ value }) => REMINDER.test(value))
    .map(({ start }) => ({ path: file.path, line: lineAt(file, start), message: DO_IT }));
}

function notes(file: SourceFile): Offence[] {
  return file.text
    .split('\n')
    .flatMap((text, index) =>
      REMINDER.test(text) ? [{ path: file.path, line: index + 1, message: DO_IT }] : [],
    );
}

const DO_IT = 'leaves a reminder: do it now, or open an issue and delete the note';

function instead(name: string): string {
  return `waits for a time (${name}): wait for a barrier, an event, a process exit or the history`;
}

function callsIn(file: SourceFile): { name: string; line: number }[] {
  return nodesOf(file).flatMap(({ node, parents }) => {
    if (node.type !== 'CallExpression') return [];
    const outer = parents.at(-1);
    // In `it.each(rows)(title)` the first call is part of the name of the second.
    if (outer?.type === 'CallExpression' && outer.callee === node) return [];
    return [{ name: dottedName(node.callee) ?? '', line: lineAt(file, node.start) }];
  });
}
