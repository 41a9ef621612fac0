import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, it } from 'vitest';
import { runWorkshop } from '#workshop/commands/run';
import { type Copy, copyRepository } from './copy.ts';

let copy: Copy;
beforeAll(async () => {
  copy = await copyRepository(['01-double-deduction']);
  return () => copy[Symbol.asyncDispose]();
});

describe('the question of whether to reset an exercise', { timeout: 30_000 }, () => {
  it.each([
    ['Ctrl-C', '\u0003', 130],
    ['Ctrl-D', '\u0004', 0],
  ])('is ended by %s, and nothing is changed', async (_name, key, wanted) => {
    const [input, output] = [terminal(), terminal()];
    const errors = new PassThrough();
    output.on('data', (text: Buffer) => {
      if (text.includes('y or n')) input.write(key);
    });
    const exitCode = await runWorkshop(['node', 'workshop', 'reset', '01'], {
      input,
      output: output as unknown as NodeJS.WriteStream,
      errors,
      root: copy.root,
    });

    expect(exitCode).toBe(wanted);
    expect(errors.read(), 'what was said on stderr').toBeNull();
  });
});

function terminal() {
  return Object.assign(new PassThrough(), { isTTY: true, columns: 80, setRawMode() {} });
}
