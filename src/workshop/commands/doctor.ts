import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Check, examine } from '#cli/doctor';
import { loadConfig } from '#config';
import { EXIT, type Exit } from '../errors.ts';
import type { Desk } from './desk.ts';

/** Looks at what the workshop needs of this machine, and says how to mend each. */
export async function doctor({ root, print }: Pick<Desk, 'root' | 'print'>): Promise<Exit> {
  const checks = await examine({ config: loadConfig(), env: process.env });
  const needed = checks.filter(({ name }) => NEEDED.has(name));
  const all = [...needed, await checkFolder(root, 'my'), await checkFolder(root, '.workshop')];
  for (const { ok, name, found, mend } of all) {
    print(`${ok.padEnd(6)} ${name}: ${found}${mend ? `. Mend: ${mend}` : ''}`);
  }
  return all.some(({ ok }) => ok === 'broken') ? EXIT.environment : EXIT.good;
}

/** Exercises have no database, and no port that anybody knows. */
const NEEDED = new Set([
  'Node',
  'Temporal CLI',
  'Go',
  'any free port',
  'disk, cache',
  'disk, temporary files',
  'clock',
]);

async function checkFolder(root: string, folder: string): Promise<Check> {
  const name = `folder ${folder}/`;
  try {
    await mkdir(join(root, folder), { recursive: true });
    await rm(await mkdtemp(join(root, folder, '.doctor-')), { recursive: true });
    return { name, ok: 'ok', found: 'it can be written' };
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const mend = 'clone the repository into a folder that is yours';
    return { name, ok: 'broken', found: `it cannot be written (${code})`, mend };
  }
}
