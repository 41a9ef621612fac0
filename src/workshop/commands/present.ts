import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Exercise, ROOT } from '../exercise.ts';
import { type Look, lookFor } from '../screen/look.ts';
import { MARGIN, sheetFor } from '../screen/sheet.ts';
import { canvasOn } from '../watch/canvas.ts';
import { type Keyboard, untilQuit } from '../watch/keys.ts';
import { type Page, pagesOf, speakersNotes, withoutReadme } from './present-pages.ts';

export interface PresentOptions {
  readonly input: Keyboard;
  readonly output: NodeJS.WriteStream;
  /** Ends it as Ctrl-C does. */
  readonly signal?: AbortSignal | undefined;
  /** What the terminal can show now. */
  readonly look?: () => Look;
  readonly root?: string;
}

/**
 * Shows the README of an exercise page by page, with the speaker's notes behind `s`. Where there is no terminal it prints all
 * pages.
 *
 * @returns the exit code: 0 after `q`, 130 after Ctrl-C
 */
export async function present(exercise: Exercise, options: PresentOptions): Promise<number> {
  const { input, output, signal, root = ROOT, look = () => lookFor(output) } = options;
  const readme = join(root, 'exercises', exercise.folder, 'README.md');
  const text = existsSync(readme) ? readFileSync(readme, 'utf8') : withoutReadme(exercise);
  if (!input.isTTY || !output.isTTY) {
    const pages = pagesOf(text, sheetFor(look()), Number.POSITIVE_INFINITY);
    output.write(`${pages.map(shown).join('\n\n')}\n`);
    return 0;
  }

  const canvas = canvasOn(output);
  let place: Place = { page: 0, notes: false };
  const draw = () => canvas.show(render(exercise, text, place, look()));
  const redraw = () => {
    canvas.forget();
    draw();
  };
  output.on('resize', redraw);
  draw();
  try {
    return await untilQuit({
      input,
      signal,
      onKey(key) {
        place = moved(place, key, pagesFor(text, look()).length);
        draw();
      },
    });
  } finally {
    output.off('resize', redraw);
    canvas.end();
  }
}

interface Place {
  /** Counted from 0. */
  readonly page: number;
  readonly notes: boolean;
}

function moved({ page, notes }: Place, key: string, pages: number): Place {
  if (key === 's') return { page, notes: !notes };
  const last = pages - 1;
  const to = FORWARD.has(key) ? page + 1 : BACK.has(key) ? page - 1 : page;
  return { page: Math.max(0, Math.min(last, to)), notes: notes && to === page };
}

const FORWARD = new Set(['space', 'right', 'down', 'pagedown', 'return']);
const BACK = new Set(['b', 'left', 'up', 'pageup', 'backspace']);

function render(exercise: Exercise, text: string, { page, notes }: Place, look: Look): string {
  const sheet = sheetFor(look);
  const pages = pagesFor(text, look);
  const at = Math.min(page, pages.length - 1);
  const lines = notes ? speakersNotes(exercise, sheet) : (pages[at] ?? []);
  const room = roomFor(look);
  const filled = Number.isFinite(room)
    ? ' '.repeat(Math.max(0, room - lines.length)).split(' ')
    : [''];
  const keys = `${at + 1}/${pages.length}   space forward   b back   s ${notes ? 'page' : 'notes'}   q quit`;
  return `${shown([...lines.slice(0, room), ...filled])}\n${MARGIN}${sheet.colour.faint(keys)}`;
}

function pagesFor(text: string, look: Look): readonly Page[] {
  return pagesOf(text, sheetFor(look), roomFor(look));
}

/** One line is for the keys, one is blank above them, and the last one of a terminal stays free. */
function roomFor({ rows = Number.POSITIVE_INFINITY }: Look): number {
  return Math.max(1, rows - 3);
}

function shown(page: Page): string {
  return page.map((line) => (line === '' ? '' : MARGIN + line)).join('\n');
}
