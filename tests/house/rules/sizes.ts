import type { Node } from 'oxc-parser';
import { codeLines, isCode, lineAt, nodesOf } from '../syntax.ts';
import type { Offence, Rule, SourceFile } from '../tree.ts';

/** Lines that hold code; blank lines and comments do not count, so that nobody saves on docs. */
const FILE_LINES = 150;
const FUNCTION_LINES = 40;
/** All lines: a test file is read from top to bottom. */
const TEST_FILE_LINES = 300;

// A method, or a named function inside, counts for itself: a factory of ten short methods is not long.

/** A contract is a test suite that the tests of several stores share; the one test of an exercise is its story. */
const isTest = (path: string) => /(\.test|-contract)\.ts$|^exercises\/[^/]+\/test\.ts$/.test(path);
const lines = (count: number) => 'x();\n'.repeat(count);

export const sizesRule: Rule = {
  claim: `a file has at most ${FILE_LINES} lines of code, a function ${FUNCTION_LINES}, a test file ${TEST_FILE_LINES} lines`,
  find: (files) =>
    files
      .filter(isCode)
      .flatMap((file) =>
        isTest(file.path) ? longTest(file) : [...longFile(file), ...longFunctions(file)],
      ),
  good: {
    'a file at the bound, and its docs beside': {
      'src/report/a.ts': `/**\n${' * docs\n'.repeat(50)} */\n\n${lines(150)}`,
    },
    'a function at the bound': { 'src/report/a.ts': `function f() {\n${lines(38)}}` },
    'a factory of short methods': {
      'src/report/a.ts': `function f() {\nreturn { ${`m() {\n${lines(20)}},`.repeat(3)} };\n}`,
    },
    'a long test in a short file': { 'tests/rooms/a.test.ts': `it(() => {\n${lines(60)}});` },
  },
  bad: {
    'a file over the bound': {
      tree: { 'src/report/a.ts': lines(151) },
      found: ['src/report/a.ts'],
    },
    'a function over the bound': {
      tree: { 'src/report/a.ts': `\nconst f = () => {\n${lines(39)}};` },
      found: ['src/report/a.ts:2'],
    },
    'a test file over the bound': {
      tree: { 'tests/rooms/a.test.ts': '\n'.repeat(300) },
      found: ['tests/rooms/a.test.ts'],
    },
  },
};

function longTest({ path, text }: SourceFile): Offence[] {
  const count = text.split('\n').length;
  return count <= TEST_FILE_LINES
    ? []
    : [{ path, message: `has ${count} lines: split it by subject (at most ${TEST_FILE_LINES})` }];
}

function longFile(file: SourceFile): Offence[] {
  const count = codeLines(file).length;
  return count <= FILE_LINES
    ? []
    : [
        {
          path: file.path,
          message: `has ${count} lines of code: give one of its subjects a file (at most ${FILE_LINES})`,
        },
      ];
}

function longFunctions(file: SourceFile): Offence[] {
  const coded = codeLines(file);
  const functions = nodesOf(file)
    .filter(({ node }) => isFunction(node))
    .map(({ node, parents }) => ({
      node,
      parents,
      line: lineAt(file, node.start),
      last: lineAt(file, node.end),
      isPart: node.type === 'FunctionDeclaration' || parents.at(-1)?.type === 'Property',
    }));

  return functions
    .map(({ node, line, last }) => {
      const parts = functions.filter(({ isPart, parents }) => isPart && parents.includes(node));
      const own = coded.filter(
        (at) =>
          line <= at && at <= last && !parts.some((part) => part.line <= at && at <= part.last),
      );
      return { line, count: own.length };
    })
    .filter(({ count }) => count > FUNCTION_LINES)
    .map(({ line, count }) => ({
      path: file.path,
      line,
      message: `starts a function of ${count} lines: name a part of it and take it out (at most ${FUNCTION_LINES})`,
    }));
}

function isFunction({ type }: Node): boolean {
  return (
    type === 'FunctionDeclaration' ||
    type === 'FunctionExpression' ||
    type === 'ArrowFunctionExpression'
  );
}
