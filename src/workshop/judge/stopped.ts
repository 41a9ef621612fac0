import { posix, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { folderOf } from '../exercise.ts';
import type { Asked, Stopped } from '../judgement.ts';

/** An error as it comes out of a process: plain data, with its causes in it. */
interface Told {
  readonly name?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly stacks?: readonly { readonly file: string; readonly line: number }[];
  readonly cause?: unknown;
  /** Temporal's name for the class of an error that it has carried. */
  readonly type?: string | null;
}

export const TIMED_OUT: Stopped = {
  name: 'TimedOut',
  message:
    'It was not done after 15 seconds, so it was ended: something waits for ever, or runs in a circle',
};

/** What an error means for a learner: the innermost cause of it, and the line of their own that is nearest to it. */
export function stoppedBy(error: unknown, asked: Asked, root: string): Stopped {
  const causes = causesOf(error);
  const place = placeIn(causes, asked, root);
  const innermost = causes.at(-1) ?? {};
  const { message = String(error) } = innermost;
  if (message.startsWith('Test timed out in')) return { ...TIMED_OUT, ...(place && { place }) };
  return {
    name: innermost.type ?? innermost.name ?? 'Error',
    message: withoutRoot(message, root),
    ...(place && { place }),
  };
}

/** From the outermost to the innermost. */
function causesOf(error: unknown): Told[] {
  const found: Told[] = [];
  for (let of = error; isTold(of) && !found.includes(of); of = of.cause) found.push(of);
  return found;
}

function isTold(error: unknown): error is Told {
  return typeof error === 'object' && error !== null;
}

/** The implementation's own line tells most; after it one of the exercise. */
function placeIn(causes: readonly Told[], asked: Asked, root: string): string | undefined {
  const places = causes.toReversed().flatMap((told) => framesOf(told, root));
  const own = `${folderOf(asked.exercise, asked.variant)}/`;
  const exercise = `exercises/${asked.exercise.folder}/`;
  return (
    places.find((place) => place.startsWith(own)) ??
    places.find((place) => place.startsWith(exercise))
  );
}

function framesOf({ message = '', stack = '', stacks = [] }: Told, root: string): string[] {
  const parsed = stacks.map(({ file, line }) => `${fromRoot(file, root)}:${line}`);
  // A root may have blanks in it, which end a path elsewhere.
  const texts = [stack, message].flatMap((text) =>
    [
      ...withoutRoot(plainPaths(text, root), root).matchAll(
        /((?:file:\/\/)?[^\s()'"[\],]+\.ts):(\d+)/g,
      ),
    ].map(([, file = '', line]) => `${fromRoot(file, root)}:${line}`),
  );
  return [...parsed, ...texts];
}

/** Source maps write the root as an address does: `%20` for a blank. */
function plainPaths(text: string, root: string): string {
  const { href, pathname } = pathToFileURL(root);
  return text.replaceAll(href, root).replaceAll(pathname, root);
}

function fromRoot(file: string, root: string): string {
  const path = file.startsWith('file://') ? fileURLToPath(file) : file;
  return (path.startsWith(root) ? relative(root, path) : posix.normalize(path))
    .split(sep)
    .join('/');
}

function withoutRoot(message: string, root: string): string {
  return message.replaceAll(`${root}/`.replace('//', '/'), '').replaceAll(root, '');
}
