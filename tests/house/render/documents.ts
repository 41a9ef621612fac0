import { listChapters } from '../chapters.ts';
import type { SourceFile } from '../tree.ts';
import { renderChapters } from './chapters.ts';
import { type EnvironmentDocs, renderEnvExample, renderEnvironmentTable } from './environment.ts';
import { renderExercises } from './exercises.ts';
import { fillRegion } from './region.ts';

/**
 * The files that hold generated text, as they should be.
 *
 * @throws when there is no README, or when it lacks the markers of a region
 */
export function renderDocuments(
  files: readonly SourceFile[],
  environment: EnvironmentDocs,
): SourceFile[] {
  const readme = files.find(({ path }) => path === 'README.md');
  if (!readme) throw new Error('No README.md: write it, with the markers of its generated regions');

  const chapters = renderChapters(listChapters(files));
  const withChapters = fillRegion(readme.text, 'chapters', chapters);
  return [
    { path: '.env.example', text: renderEnvExample(environment) },
    {
      path: 'README.md',
      text: fillRegion(withChapters, 'environment', renderEnvironmentTable(environment)),
    },
    ...workshopPage(files),
  ];
}

/** A tree without a workshop has no page of it. */
function workshopPage(files: readonly SourceFile[]): SourceFile[] {
  const page = files.find(({ path }) => path === 'exercises/README.md');
  if (!page) return [];
  return [{ path: page.path, text: fillRegion(page.text, 'exercises', renderExercises(files)) }];
}
