import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { folderOf } from '../exercise.ts';
import type { Asked } from '../judgement.ts';

/** An exercise occurs once in each round, because one project of Vitest knows one implementation of it. */
export function roundsOf(asked: readonly Asked[]): Asked[][] {
  const rounds: Asked[][] = [];
  for (const one of asked) {
    const free = rounds.find((round) =>
      round.every(({ exercise }) => exercise.folder !== one.exercise.folder),
    );
    if (free) free.push(one);
    else rounds.push([one]);
  }
  return rounds;
}

export function testFileOf(root: string, { exercise }: Asked): string {
  return join(root, 'exercises', exercise.folder, 'test.ts');
}

/** All that may have changed since it was last read. */
export async function filesOf(
  root: string,
  { exercise, variant }: Asked,
): Promise<readonly string[]> {
  const folders = [`exercises/${exercise.folder}`, folderOf(exercise, variant)];
  const found = folders.map(async (folder) => {
    const below = await readdir(join(root, folder), { recursive: true }).catch(() => []);
    return below.map((name) => join(root, folder, name));
  });
  return (await Promise.all(found)).flat();
}
