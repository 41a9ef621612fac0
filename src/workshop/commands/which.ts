import { closest } from 'fastest-levenshtein';
import { EXIT, WorkshopError } from '../errors.ts';
import type { Exercise } from '../exercise.ts';
import type { Desk } from './desk.ts';

/**
 * The exercise that somebody means: `1`, `01`, `double-deduction` or `01-double-deduction`.
 *
 * @throws {WorkshopError} with the nearest one, where there is none of that name
 */
export function exerciseNamed(name: string, exercises: readonly Exercise[]): Exercise {
  const found = exercises.find(
    ({ number, slug, folder }) =>
      name === slug || name === folder || (/^\d+$/.test(name) && Number(name) === number),
  );
  if (found) return found;
  const slugs = exercises.map(({ slug }) => slug);
  const near = /^\d+$/.test(name) ? '' : ` Did you mean ${nearestOf(name, slugs)}?`;
  throw new WorkshopError(`There is no exercise "${name}".${near} All of them: list`, EXIT.usage);
}

/** @throws {WorkshopError} with those that there are */
export function wrongTurnNamed(name: string, { slug, wrong }: Exercise): string {
  if (Object.hasOwn(wrong, name)) return name;
  const names = Object.keys(wrong).join(', ');
  throw new WorkshopError(`${slug} has no wrong turn "${name}": it has ${names}`, EXIT.usage);
}

export function nearestOf(name: string, names: readonly string[]): string {
  return closest(name, [...names]);
}

/** The one that is named, or the one that is open. */
export function chosen(desk: Desk, name: string | undefined): Exercise {
  const { exercises, current } = desk.workshop();
  return name === undefined ? current() : exerciseNamed(name, exercises);
}
