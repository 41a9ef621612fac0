/**
 * The mutants of `npm run mutate` still fit the code that they break, and their judge is strict.
 *
 * Whether each is killed takes a run of its chapter; that is `npm run mutate`, which CI runs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testsOf } from './mutations/claimed.ts';
import { applyEdit } from './mutations/mutant.ts';
import { MUTANTS } from './mutations/table.ts';
import { judge } from './mutations/verdict.ts';
import { ROOT } from './tree.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

describe('a mutant of the table', () => {
  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
    'fits: %s',
    (_, { edits, chapter, test = '' }) => {
      for (const edit of edits) {
        expect(applyEdit(read(edit.file), edit)).toContain(edit.replace);
      }
      expect(read(chapter)).toContain(test);
    },
  );

  it('has a name that no other has', () => {
    const names = MUTANTS.map(({ name }) => name);
    expect(new Set(names).size, 'distinct names').toBe(names.length);
  });

  it.each(['', 'lock(1); lock(1);'])('BAD does not fit a text like "%s"', (text) => {
    const edit = { file: 'a.ts', find: 'lock(1)', replace: 'lock(9)' };
    expect(() => applyEdit(text, edit)).toThrow('not once');
  });
});

describe('the tests that have to turn red', () => {
  const chapter = 'tests/a.test.ts';
  const mutant = { name: 'no key', edits: [], chapter, test: 'pays once' };
  const claim = {
    said: 'Keys help.',
    source: 'common belief',
    verdict: 'true',
    why: 'They do.',
    shownBy: { file: chapter, test: '$name pays once (of %i)?' },
    mutant: 'no key',
  } as const;
  const falseClaim = { ...claim, verdict: 'false', remedy: 'pays 1.50' } as const;

  it('are those that the mutant names, where no claim names it', () => {
    expect(testsOf(mutant, [{ ...claim, mutant: 'no lock' }])).toEqual(['pays once']);
    expect(testsOf({ name: 'no key', edits: [], chapter }, []), 'the whole chapter').toEqual(['']);
  });

  it('are one for each test that claims name: the remedy, where the other shows the damage', () => {
    const [shown, remedy, ...more] = testsOf(mutant, [claim, falseClaim, claim]);
    expect('a tenant pays once (of 5)?').toMatch(new RegExp(shown ?? ''));
    expect('a tenant pays once').not.toMatch(new RegExp(shown ?? ''));
    expect(remedy).toBe('pays 1\\.50');
    expect(more).toEqual([]);
  });
});

describe('the judge of a mutant', () => {
  const passed = { fullName: 'pay once', status: 'passed', failureMessages: [] };
  const failed = {
    fullName: 'pay once',
    status: 'failed',
    failureMessages: ['AssertionError: distinct run IDs: expected 5 to be 1\n    at …'],
  };
  const late = { ...failed, failureMessages: ['Error: Test timed out in 20000ms.'] };
  const report = (...assertionResults: object[]) => ({
    success: assertionResults.every((result) => result === passed),
    testResults: [{ message: 'SyntaxError: no such export', assertionResults }],
  });

  it('says killed when an assertion does not hold', () => {
    expect(judge(report(passed, failed))).toEqual({
      how: 'killed',
      by: 'pay once',
      says: 'AssertionError: distinct run IDs: expected 5 to be 1',
    });
  });

  it('says green when every test passed', () => {
    expect(judge(report(passed))).toEqual({ how: 'green' });
  });

  it.each([
    ['ran out of time', report(late)],
    ['could not be loaded: SyntaxError: no such export', report()],
    ['the run failed', { ...report(passed), success: false }],
  ])('says undecided when a chapter %s', (why, json) => {
    expect(judge(json)).toMatchObject({ how: 'undecided', why: expect.stringContaining(why) });
  });
});
