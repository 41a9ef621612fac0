import { z } from 'zod';
import type { SourceFile } from '../tree.ts';
import { table } from './region.ts';

/** What the table of contents tells of an exercise. */
const TOLD = z.object({
  title: z.string(),
  minutes: z.number(),
  story: z.string(),
  defeats: z.object({ belief: z.string() }),
});

const CLAIMS_PATH = /^exercises\/((\d\d)-([a-z0-9-]+))\/claims\.json$/;

/** The table of contents of the workshop: number, slug, story, belief and minutes of each exercise, in their order. */
export function renderExercises(files: readonly SourceFile[]): string {
  const rows = files.flatMap(({ path, text }) => {
    const [, folder, number = '', slug = ''] = CLAIMS_PATH.exec(path) ?? [];
    if (folder === undefined) return [];
    const { title, minutes, story, defeats } = TOLD.parse(JSON.parse(text));
    const named = `[${slug}](${folder}/README.md)`;
    return [[number, named, `**${title}** ${story}`, defeats.belief, String(minutes)]];
  });
  return table(
    ['', 'Exercise', 'What happens', 'What it defeats', 'Minutes'],
    rows.toSorted(([one = ''], [other = '']) => one.localeCompare(other)),
  );
}
