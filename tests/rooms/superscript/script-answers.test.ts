import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { failureOf } from '#systems/superscript';
import { misbehavingScripts } from './script-folder.ts';

const AMPLE = { timeoutMs: 30_000 };
const KIB = 1024;
const MIB = KIB * KIB;

describe('the way in which a script ends', () => {
  it.each([
    { how: '0', is: undefined },
    { how: '1', is: { name: 'ScriptFailedError', fatal: false } },
    { how: '2', is: { name: 'ScriptRefusedError', fatal: true } },
    { how: '3', is: { name: 'ScriptFailedError', fatal: false } },
    { how: '63', is: { name: 'ScriptFailedError', fatal: false } },
    { how: '64', is: { name: 'ScriptRefusedError', fatal: true } },
    { how: '78', is: { name: 'ScriptRefusedError', fatal: true } },
    { how: '79', is: { name: 'ScriptFailedError', fatal: false } },
    { how: '126', is: { name: 'ScriptRefusedError', fatal: true } },
    { how: '127', is: { name: 'ScriptRefusedError', fatal: true } },
    { how: '143', is: { name: 'ScriptFailedError', fatal: false } },
    { how: 'TERM', is: { name: 'ScriptKilledError', fatal: false } },
    { how: 'SEGV', is: { name: 'ScriptKilledError', fatal: false } },
  ])('by $how is told by a name, and only 0 is a success', async ({ how, is }) => {
    await using scripts = misbehavingScripts();

    const failure = failureOf('dies-by.sh', await scripts.run('dies-by.sh', [how], AMPLE));

    expect(failure && { name: failure.name, fatal: failure.fatal }).toEqual(is);
    expect(failure?.message.endsWith(': ERROR: that was it'), 'its last words').toBe(is && true);
  });
});

describe('the output of a script', () => {
  it('is kept to 64 KiB a stream, of its beginning and of its end, with a mark between', async () => {
    await using scripts = misbehavingScripts();

    const { exitCode, stdout, stderr } = await scripts.run('floods.sh', [`${32 * MIB}`], AMPLE);

    expect(exitCode, 'it was heard to its end').toBe(0);
    for (const text of [stdout, stderr]) {
      const [, before = '', leftOut, after = ''] =
        /^(first\nx+)\n\[… (\d+) bytes left out …\]\n(x+\nlast\n)$/.exec(text) ?? [];
      expect(before.length + after.length, 'bytes kept').toBe(64 * KIB);
      expect(Number(leftOut), 'bytes left out').toBe(
        'first\n'.length + 32 * MIB + '\nlast\n'.length - 64 * KIB,
      );
    }
  });

  it.each([
    {
      what: 'bytes that are not UTF-8',
      bytes: '\\xff\\xfe caf\\xc3',
      text: '\uFFFD\uFFFD caf\uFFFD',
    },
    { what: 'NUL', bytes: 'a\\0b', text: 'a\uFFFDb' },
    {
      what: 'lines that end with CR LF, and a BOM',
      bytes: '\\xef\\xbb\\xbfa\\r\\n',
      text: '\uFEFFa\r\n',
    },
  ])('may have $what', async ({ bytes, text }) => {
    await using scripts = misbehavingScripts();

    expect(await scripts.run('babbles.sh', [bytes], AMPLE)).toMatchObject({ stdout: text });
  });

  it.each([
    { what: 'is cut between two characters', unit: '€', bytes: '\\xe2\\x82\\xac', times: 40_000 },
    {
      what: 'of garbage grows to 64 KiB and no more',
      unit: '\uFFFD',
      bytes: '\\xff',
      times: 40_000,
    },
  ])('$what', async ({ unit, bytes, times }) => {
    await using scripts = misbehavingScripts();

    const { stdout } = await scripts.run('babbles.sh', [bytes, `${times}`], AMPLE);
    const [before = '', after = ''] = stdout.split(/\n\[… \d+ bytes left out …\]\n/);

    const half = Math.floor((32 * KIB) / Buffer.byteLength(unit));
    expect(before === unit.repeat(half), 'the first half').toBe(true);
    expect(after === unit.repeat(half), 'the second half').toBe(true);
  });
});

describe('a hundred scripts at once', () => {
  it('leave no descriptor, no process and no warning, and may hear one signal', async () => {
    const warnings: string[] = [];
    const warn = ({ message }: Error) => void warnings.push(message);
    process.on('warning', warn);
    const { signal } = new AbortController();
    const ofUs = async () => ({
      descriptors: (await readdir('/dev/fd')).length,
      processes: process.getActiveResourcesInfo().filter((what) => what === 'ProcessWrap').length,
    });
    const scripts = misbehavingScripts();
    await scripts.run('dies-by.sh', ['0'], AMPLE);
    const before = await ofUs();

    const outcomes = await Promise.all(
      Array.from({ length: 100 }, () => scripts.run('dies-by.sh', ['7'], { ...AMPLE, signal })),
    );

    const after = await ofUs();
    await scripts[Symbol.asyncDispose]();
    process.off('warning', warn);
    expect(new Set(outcomes.map(({ exitCode }) => exitCode))).toEqual(new Set([7]));
    expect(after.processes, 'processes: the watcher, before and after').toBe(before.processes);
    // Something else of this process may open one meanwhile.
    expect(after.descriptors - before.descriptors, 'descriptors that are left').toBeLessThan(10);
    expect(warnings).toEqual([]);
  });
});
