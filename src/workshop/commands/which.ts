import { distance } from 'fastest-levenshtein';
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
  const near = /^\d+$/.test(name) ? undefined : nearestOf(name, slugs);
  const perhaps = near === undefined ? '' : ` Did you mean ${near}?`;
  throw new WorkshopError(
    `There is no exercise "${name}".${perhaps} All of them: list`,
    EXIT.usage,
  );
}

/** @throws {WorkshopError} with those that there are */
export function wrongTurnNamed(name: string, { slug, wrong }: Exercise): string {
  if (Object.hasOwn(wrong, name)) return name;
  const names = Object.keys(wrong).join(', ');
  throw new WorkshopError(`${slug} has no wrong turn "${name}": it has ${names}`, EXIT.usage);
}

/** The one that was perhaps meant: people type the beginning of a name, or one word of it. Undefined where none is near. */
export function nearestOf(name: string, names: readonly string[]): string | undefined {
  const farOf = (one: string) =>
    Math.min(
      ...[one, one.slice(0, name.length), ...one.split('-')].map((part) => distance(name, part)),
    );
  const [nearest] = names.toSorted(
    (a, b) => farOf(a) - farOf(b) || distance(name, a) - distance(name, b),
  );
  if (nearest === undefined || farOf(nearest) > Math.ceil(name.length / 3)) return undefined;
  return nearest;
}

/** The one that is named, or the one that is open. */
export function chosen(desk: Desk, name: string | undefined): Exercise {
  const { exercises, current } = desk.workshop();
  return name === undefined ? current() : exerciseNamed(name, exercises);
}
