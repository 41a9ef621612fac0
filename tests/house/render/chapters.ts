import type { Chapter } from '../chapters.ts';
import { table } from './region.ts';

/** The README's table of contents: each chapter's number, linked to its file, its title and its claim. */
export function renderChapters(chapters: readonly Chapter[]): string {
  return table(
    ['Chapter', 'Title', 'Claim'],
    chapters.map(({ number, path, title, claim }) => [`[${number}](${path})`, title, claim]),
  );
}
