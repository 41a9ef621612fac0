import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '#workshop/learner/view';
import { watch } from '#workshop/watch';
import { exercise, failing, holding, scene, viewOf } from './screen-views.ts';

/*
 * The loop on a real terminal, with a judge that takes no time: a file that names a key passes. Its folder is the argument;
 * it ends with the loop's exit code.
 */
const [, , folder = ''] = process.argv;
const text = async () => 'nothing';
const bench: Bench = {
  exercise: () => exercise,
  folder: () => folder,
  async judge() {
    const holds = readFileSync(join(folder, 'activities.ts'), 'utf8').includes('key');
    return viewOf({ claims: [...scene, ...(holds ? holding : failing)] });
  },
  hint: text,
  diff: text,
  list: text,
  next: text,
  reset: text,
  undo: text,
  picture: text,
  wrong: text,
  solution: text,
};

const { stdin: input, stdout: output } = process;
const exitCode = await watch({ bench, input, output, typeCheck: async () => [] });
output.write(`raw mode: ${input.isRaw}\n`);
process.exitCode = exitCode;
