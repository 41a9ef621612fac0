import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import type { Stopped } from '../judgement.ts';

/**
 * The first place in a folder that is no TypeScript; undefined where all of it is. Bundlers and test runners say it
 * too, each in its own words and after a second of work.
 */
export async function syntaxErrorIn(folder: string, root: string): Promise<Stopped | undefined> {
  const names = await readdir(join(root, folder)).catch(() => []);
  for (const name of names.filter((file) => file.endsWith('.ts')).toSorted()) {
    const path = join(folder, name);
    const text = await readFile(join(root, path), 'utf8');
    const [error] = parseSync(name, text).errors;
    if (!error) continue;
    const [label] = error.labels;
    const line = label ? lineAt(text, label.start) : 1;
    return { name: 'SyntaxError', message: error.message, place: `${path}:${line}` };
  }
  return undefined;
}

/** Offsets are in UTF-16, as in JavaScript. */
function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
