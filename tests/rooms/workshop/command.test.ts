import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Copy, copyRepository, learnerIn } from './copy.ts';

const FOLDER = '01-double-deduction';
const MINE = `my/${FOLDER}/fees.ts`;

let copy: Copy;
let learner: ReturnType<typeof learnerIn>;
beforeAll(async () => {
  copy = await copyRepository([FOLDER, '09-exactly-once-myth']);
  learner = learnerIn(copy);
  return async () => {
    await learner[Symbol.asyncDispose]();
    await copy[Symbol.asyncDispose]();
  };
});

const put = (variant: string) =>
  cp(copy.path('exercises', FOLDER, variant, 'fees.ts'), copy.path(MINE));
const lines = (stdout: string, word: string) =>
  stdout.split('\n').filter((line) => line.startsWith(word));

describe('a learner who begins with the first exercise', { timeout: 60_000 }, () => {
  it('gets the starter, and sees its three claims fail, in plain lines where nobody sits', async () => {
    const { exitCode, stdout } = await learner.types();

    expect(exitCode).toBe(1);
    expect(lines(stdout, 'PASS')).toEqual(['PASS ASKED-TWICE: the order has come twice. Got 2.']);
    expect(lines(stdout, 'FAIL').map((line) => line.split(/[ :]/)[1])).toEqual([
      'ONE-DEDUCTION',
      'BALANCE-90',
      'SAME-ANSWER',
    ]);
    expect(stdout).toMatch(/^EDIT my\/01-double-deduction\/fees\.ts line \d+\.$/m);
  });

  it('is offered a hint when the same has failed 3 times in a row', async () => {
    await learner.types('check');
    const { stdout } = await learner.types('check');
    const { stdout: hint } = await learner.types('hint');

    expect(lines(stdout, 'NOTE')).toEqual([
      'NOTE The same claims have failed 3 times in a row. The next hint may help: hint.',
    ]);
    expect(hint).toContain('Hint 1 of 3: How many entries');
  });

  it('hears which wrong turn it is, and that a stranger is none', async () => {
    const taken = await learner.types('wrong', '01');
    const { exitCode, stdout } = await learner.types('check');
    const stranger = await learner.types('wrong', '01', '404');

    expect(taken.stdout).toContain(
      'The wrong turn "409" is in my/01-double-deduction. It will fail: SAME-ANSWER.',
    );
    expect(exitCode).toBe(1);
    expect(lines(stdout, 'WRONG TURN')[0]).toContain(
      'WRONG TURN 409: Not charging twice is half of it',
    );
    expect(stranger).toMatchObject({
      exitCode: 2,
      stderr: 'double-deduction has no wrong turn "404": it has 409\n',
    });
  });

  it('passes with the solution, and then the exercise is done', async () => {
    await put('solution');
    await rm(copy.path('.workshop/state.json'));
    const { exitCode, stdout } = await learner.types('check', '01', '--json');
    const list = await learner.types('list');

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      exercise: 'double-deduction',
      variant: 'my',
      stopped: null,
      fingerprint: 'double-deduction:good',
    });
    expect(list.stdout).toMatch(/01 double-deduction .* done$/m);
    expect(list.stdout).toContain('1 of 2 exercises done'.replace(' exercises', ''));
  });

  it('stays at what has just passed: it is compared, and the one after it is next', async () => {
    const { stdout: diff } = await learner.types('diff');
    const { stdout: next } = await learner.types('next');

    expect(diff).toBe('No difference to the solution, comments apart.\n');
    expect(next).toBe('09 exactly-once-myth: edit my/09-exactly-once-myth\n');
  });

  it('has the same bytes again after a reset and an undo', async () => {
    const own = Buffer.from('// mine, with CRLF\r\nand no end');
    await writeFile(copy.path(MINE), own);
    await learner.types('reset', '01');
    const starter = await readFile(copy.path(MINE), 'utf8');
    await learner.types('undo');

    expect(starter).toContain('TODO(');
    expect(await readFile(copy.path(MINE))).toEqual(own);
  });
});

describe('a learner whose file stops the test', { timeout: 60_000 }, () => {
  it('is told the file and the line of a syntax error, and it is no try', async () => {
    await writeFile(copy.path(MINE), 'export function createFeeService( {\n');
    const { exitCode, stdout } = await learner.types('check', '01');

    expect(exitCode).toBe(4);
    expect(lines(stdout, 'STOPPED')[0]).toMatch(
      /SyntaxError: .* At my\/01-double-deduction\/fees\.ts line \d+\.$/,
    );
    expect(lines(stdout, 'RESULT')[0]).toContain('stopped, no try');
  });

  it('is told the line that throws', async () => {
    await writeFile(
      copy.path(MINE),
      "export function createFeeService() {\n  throw new RangeError('oh');\n}\n",
    );
    const { exitCode, stdout } = await learner.types('check', '01');

    expect(exitCode).toBe(4);
    expect(lines(stdout, 'STOPPED')).toEqual([
      'STOPPED RangeError: oh. At my/01-double-deduction/fees.ts line 2.',
    ]);
  });

  it('is told the line that throws while a request is served', async () => {
    await put('solution');
    const text = await readFile(copy.path(MINE), 'utf8');
    await writeFile(copy.path(MINE), text.replace('bank.post(account', 'bank.post(acount'));
    const { exitCode, stdout } = await learner.types('check', '01');

    expect(exitCode).toBe(4);
    expect(lines(stdout, 'STOPPED')[0]).toMatch(
      /^STOPPED ReferenceError: acount is not defined\. At my\/01-double-deduction\/fees\.ts line \d+\.$/,
    );
  });
});

describe('the workshop', { timeout: 60_000 }, () => {
  it('does not trust a test that was changed', async () => {
    await put('solution');
    const test = copy.path('exercises', FOLDER, 'test.ts');
    const text = await readFile(test, 'utf8');
    await writeFile(test, text.replace(/ {4}claim\('SAME-ANSWER'.*\n/, ''));
    const { exitCode, stdout } = await learner.types('check', '01');
    await writeFile(test, text);

    expect(exitCode).toBe(5);
    expect(stdout).toContain('is not the test that this exercise was proven with');
    expect(stdout).toContain('1 of 4 claims not reached: SAME-ANSWER');
  });

  it('suggests what was perhaps meant', async () => {
    expect(await learner.types('check', 'double-deducton')).toMatchObject({
      exitCode: 2,
      stderr:
        'There is no exercise "double-deducton". Did you mean double-deduction? All of them: list\n',
    });
    expect((await learner.types('check', 'doubel')).stderr).toBe(
      'There is no exercise "doubel". Did you mean double-deduction? All of them: list\n',
    );
    expect((await learner.types('open', 'myht')).stderr).toContain('exactly-once-myth?');
    expect((await learner.types('open', 'xyz')).stderr).toBe(
      'There is no exercise "xyz". All of them: list\n',
    );
    expect(await learner.types('chek')).toMatchObject({
      exitCode: 2,
      stderr: 'There is no command "chek". Did you mean check?\n',
    });
  });

  it('moves a broken state file aside, in one line, and goes on', async () => {
    await writeFile(copy.path('.workshop/state.json'), '{ "v": 1,');
    const { exitCode, stderr } = await learner.types('list');
    const kept = await readFile(copy.path('.workshop/state.json.broken-1'), 'utf8');
    await rm(copy.path('.workshop/state.json.broken-1'));

    expect(exitCode).toBe(0);
    expect(stderr).toBe(
      '.workshop/state.json cannot be read (it is not JSON): it is .workshop/state.json.broken-1 now, and your progress begins anew.\n',
    );
    expect(kept).toBe('{ "v": 1,');
  });

  it('tells its check from the other two', async () => {
    const { exitCode, stdout } = await learner.types('--help');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /npm run workshop -- check +judges your exercise\n +npm run check +checks the code/,
    );
  });

  it('keeps what it has made of its own modules for the next command, and nothing of what is judged', async () => {
    await learner.types('check', '01');

    const folder = copy.path('.workshop/modules');
    const kept = await Promise.all(
      (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')),
    );

    expect(kept.filter((text) => text.includes('function createBank')).length).toBe(1);
    expect(kept.filter((text) => text.includes('function createFeeService'))).toEqual([]);
  });

  it('proves an exercise: starter, solution and wrong turn', async () => {
    const { exitCode, stdout } = await learner.types('verify', '01');
    const { exercises } = JSON.parse(await readFile(copy.path('.workshop/verify.json'), 'utf8'));

    expect(stdout).toContain('✓ 409');
    expect(stdout).toMatch(
      /1 exercises · 1 starters · 1 wrong turns · 4 claims · \d+ s of 180 s\n$/,
    );
    expect(exitCode).toBe(0);
    expect(exercises[0].variants.map(({ fails }: { fails: string[] }) => fails.length)).toEqual([
      3, 0, 1,
    ]);
  });
});
