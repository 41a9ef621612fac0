import { PassThrough } from 'node:stream';
import { WriteStream } from 'node:tty';
import { describe, expect, it, vi } from 'vitest';
import { renderScreen } from '#workshop/screen';
import { lookFor } from '#workshop/screen/look';
import { cut, harmless, widthOf, wrap } from '#workshop/screen/text';
import {
  claim,
  exercise,
  failing,
  holding,
  readable,
  scene,
  twoAttempts,
  viewOf,
  wide,
} from './screen-views.ts';

const LONG = 'what a very patient client would hear of it after a long while. '.repeat(3).trim();

describe('a screen', () => {
  it.each([40, 50, 60, 70, 80, 100, 120, 200])(
    'of %i columns has no line that is longer',
    async (columns) => {
      const evidence = [await twoAttempts('written')];
      const long = [...scene, ...failing, claim('LONG', LONG, LONG, `${LONG}.`)];
      const views = [
        viewOf({ evidence, claims: long, printed: [LONG] }, { notes: [LONG] }),
        viewOf({ evidence, claims: [...scene, ...holding] }),
        viewOf({ claims: [], stopped: { name: 'Error', message: `${LONG}${'x'.repeat(300)}` } }),
      ];
      for (const view of views) {
        for (const unicode of [true, false]) {
          const text = renderScreen(view, { ...wide, columns, unicode }, { typeErrors: [LONG] });
          const widest = Math.max(...text.split('\n').map(widthOf));
          expect(widest, `the widest line of\n${text}`).toBeLessThan(Math.min(columns, 120));
        }
      }
    },
  );

  it('sets what was got below its sentence where there is no room beside it', () => {
    const claims = [
      claim(
        'SAME-ANSWER',
        'alice hears of the fee that was taken',
        '{"balance":80}',
        '{"balance":90}',
      ),
    ];

    expect(renderScreen(viewOf({ claims }), wide)).toMatch(
      /^ {2}✗ SAME-ANSWER {11}alice hears of the fee that was taken\n {41}\{"balance":80\}, wanted \{"balance":90\}$/m,
    );
  });

  it('leaves out sentences below 60 columns, and nothing else of the claims', () => {
    const text = renderScreen(viewOf(), { ...wide, columns: 59 });

    expect(text).not.toContain('the bank wrote one entry');
    expect(text).toMatch(/^ {2}✗ ONE-DEDUCTION {29}2, wanted 1$/m);
  });

  it('is of plain signs where the locale is not UTF-8', () => {
    const text = renderScreen(viewOf(), { ...wide, unicode: false });

    expect(text.replaceAll(/\P{ASCII}/gu, ''), 'signs that are not ASCII').toBe(text);
    expect(text).toMatch(/^ {2}09 - The exactly-once myth +######\.{9} 10\/25$/m);
    expect(text).toMatch(/^ {2}\[ok\] TWO-ATTEMPTS/m);
    expect(text).toMatch(/^ {2}\[x\] {2}ONE-DEDUCTION .* 2, wanted 1$/m);
    expect(text).toContain('one history entry -- and two deductions');
  });

  it('says with colours what it says without them', () => {
    const painted = renderScreen(viewOf(), { ...wide, colour: readable });

    expect(painted).toContain('<good>✓ TWO-ATTEMPTS          </good>');
    expect(painted).toContain('<bad>2, wanted 1</bad>');
    expect(painted.replaceAll(/<\/?(good|bad|limit|title)>/g, '')).toBe(
      renderScreen(viewOf(), wide),
    );
  });

  it('shows green claims first and red ones last, whatever their order in the test', () => {
    const text = renderScreen(viewOf({ claims: [...failing, ...scene] }), wide);
    const codes = [...text.matchAll(/^ {2}[✓✗] (\S+)/gm)].map(([, code]) => code);

    expect(codes).toEqual([...scene, ...failing].map(({ code }) => code));
  });

  it('tells of claims that were not reached: nothing is passed then', () => {
    const text = renderScreen(viewOf({ claims: scene, notReached: ['ONE-DEDUCTION'] }), wide);

    expect(text).toMatch(/✗ ONE-DEDUCTION +not reached/);
    expect(text).not.toContain('all 4 claims hold');
  });

  it('gives up the drawing, then the story, then what holds, where the terminal is not high enough', async () => {
    const view = viewOf({ evidence: [await twoAttempts('written')] });
    const at = (rows: number) => renderScreen(view, { ...wide, rows });

    expect(at(24)).toContain('attempt 1');
    expect(at(18)).not.toContain('attempt 1');
    expect(at(18)).toContain('One workflow ID');
    expect(at(15)).not.toContain('One workflow ID');
    expect(at(15)).toContain('✓ TWO-ATTEMPTS');
    expect(at(13)).toContain('✓ 4 of 6 claims hold');
    expect(at(10)).toContain('✗ ANSWER-IS-90');
    for (const rows of [24, 18, 15, 13, 10]) expect(at(rows).split('\n').length).toBeLessThan(rows);
  });

  it('shows what the code has printed, its last five lines, and no sign of it moves the cursor', () => {
    const printed = ['1\n2\n', '3', '4', '5', '\u001B[2J\u001B[31m6\u0007\r'];
    const text = renderScreen(viewOf({ printed }), wide);

    expect([...text.matchAll(/printed {2}(.*)/g)].map(([, line]) => line)).toEqual([
      '2',
      '3',
      '4',
      '5',
      '6',
    ]);
    // oxlint-disable-next-line no-control-regex -- there must be none
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/);
  });

  it('names the kind of an early end: a syntax error, an endless wait, a test that could not go on', () => {
    const of = (stopped: { name: string; message: string; place?: string }, claims = scene) =>
      renderScreen(viewOf({ claims, stopped }), wide);

    expect(
      of({ name: 'SyntaxError', message: 'Expected `}`', place: 'my/a/b.ts:3' }, []),
    ).toContain('! Stopped before the first claim: your code does not compile.');
    expect(of({ name: 'TimedOut', message: 'It was not done' })).toContain(
      '! Stopped after 4 of 6 claims: nothing came of it in time.',
    );
    expect(of({ name: 'Error', message: 'x', place: 'my/a/fees.ts:3' })).toContain(
      'your code threw',
    );
    expect(of({ name: 'Error', message: 'x' })).toContain('the test could not go on');
  });

  it('after the last exercise says that all are done', () => {
    const last = { progress: { done: 25, of: 25 }, next: undefined };
    const text = renderScreen(viewOf({ claims: [...scene, ...holding] }, last), wide);

    expect(text).toContain('all 25 are done');
    expect(text).toContain('l list   d compare');
  });

  it('shortens its keys before it drops the name of the next one', () => {
    const next = { ...exercise, number: 22, title: 'Change a running workflow' };
    const passing = viewOf({ claims: [...scene, ...holding] }, { next });

    expect(renderScreen(passing, wide)).toContain(
      'n next: 22 · Change a running workflow  d compare',
    );
    expect(renderScreen(passing, { ...wide, columns: 70 })).toContain('n next   d compare');
  });

  it.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [4, '4th'],
    [11, '11th'],
    [22, '22nd'],
  ])('calls try %i the %s', (tries, text) => {
    expect(renderScreen(viewOf({}, { tries }), wide)).toContain(`${text} try`);
  });
});

describe('the look of a terminal', () => {
  it.each([
    [{ LANG: 'en_GB.UTF-8' }, true],
    [{ LANG: 'C.utf8' }, true],
    [{ LANG: 'en_GB.UTF-8', LC_ALL: 'C' }, false],
    [{ LANG: 'C', LC_CTYPE: 'C.UTF-8' }, true],
    [{ LANG: 'en_GB.UTF-8', TERM: 'linux' }, false],
  ])('%j has more signs than ASCII: %s', (env, unicode) => {
    expect(lookFor(terminal(), env).unicode).toBe(unicode);
  });

  it('has links to files, but where the terminal makes them itself or knows none', () => {
    const linked = lookFor(terminal(), { TERM: 'xterm' }, '/repo').linkTo;
    expect(linked?.('my/09-a/activities.ts:9')).toBe('file:///repo/my/09-a/activities.ts');

    expect(lookFor(terminal(), { TERM: 'xterm', TERM_PROGRAM: 'vscode' }).linkTo).toBeUndefined();
    expect(lookFor(terminal(), { TERM: 'dumb' }).linkTo).toBeUndefined();
    expect(lookFor(pipe(), { TERM: 'xterm' }).linkTo).toBeUndefined();
  });

  it('puts links around the place alone, and moves nothing by them', () => {
    const linkTo = (place: string) => `file:///repo/${place}`;
    const text = renderScreen(viewOf(), { ...wide, linkTo });
    const place = 'my/09-exactly-once-myth/activities.ts:9';

    expect(text).toContain(
      `edit   \u001B]8;;file:///repo/${place}\u001B\\${place}\u001B]8;;\u001B\\     TODO`,
    );
  });

  it('has 16 colours, and none under NO_COLOR', () => {
    const painted = (env: Record<string, string>) => {
      for (const name of ['NO_COLOR', 'FORCE_COLOR', 'TERM', 'CI']) vi.stubEnv(name, env[name]);
      try {
        return renderScreen(viewOf(), { ...wide, colour: lookFor(terminal()).colour });
      } finally {
        vi.unstubAllEnvs();
      }
    };

    expect(painted({ TERM: 'xterm', NO_COLOR: '1' })).not.toContain('\u001B');
    // oxlint-disable-next-line no-control-regex -- colours begin with one
    const colours = painted({ TERM: 'xterm-256color' }).match(/\u001B\[\d+m/g) ?? [];
    expect(new Set(colours)).toEqual(
      new Set(['1', '2', '22', '31', '32', '33', '39'].map((code) => `\u001B[${code}m`)),
    );
  });
});

describe('text on a terminal', () => {
  it('is measured in columns: two for a sign of the far East, none for an accent', () => {
    expect(['abc', '注文', '✅', 'e\u0301'].map(widthOf)).toEqual([3, 4, 2, 1]);
  });

  it('is broken at blanks, and within a word that is longer than a line', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('a abcdefghij', 4)).toEqual(['a', 'abcd', 'efgh', 'ij']);
    expect(wrap('  what fits stays', 20)).toEqual(['  what fits stays']);
  });

  it('is cut with a sign that there is more', () => {
    expect([cut('abcdef', 6), cut('abcdefg', 6), cut('注文注文', 6)]).toEqual([
      'abcdef',
      'abcde…',
      '注文…',
    ]);
  });

  it('of others has no sign that moves the cursor', () => {
    expect(harmless('\u001B[2Ja\r\tb\u0007\nc')).toBe('a  b\nc');
  });
});

function pipe(): NodeJS.WriteStream {
  return new PassThrough() as unknown as NodeJS.WriteStream;
}

function terminal(): NodeJS.WriteStream {
  const { getColorDepth } = WriteStream.prototype;
  return Object.assign(pipe(), { isTTY: true, columns: 80, rows: 24, getColorDepth });
}
