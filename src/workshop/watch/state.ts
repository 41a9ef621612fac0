import type { Exercise } from '../exercise.ts';
import type { View } from '../learner/view.ts';
import type { Look } from '../screen/look.ts';
import { signsOf } from '../screen/look.ts';
import { numbered } from '../screen/parts.ts';
import { MARGIN, sheetFor } from '../screen/sheet.ts';
import { wrap } from '../screen/text.ts';
import { renderScreen } from '../screen.ts';

/** What the loop knows; a screen is made of nothing else. */
export interface LoopState {
  readonly exercise: Exercise;
  /** The last judgement of this exercise. */
  readonly view?: View | undefined;
  readonly savedAt?: Date | undefined;
  readonly checking: boolean;
  readonly typeErrors: readonly string[];
  /** What the last key has said. */
  readonly said?: string | undefined;
  /** `said` is longer than what fits under a screen: these are its lines, from the first that is seen. */
  readonly page?: readonly string[] | undefined;
  /** Why there is no judgement. */
  readonly failure?: string | undefined;
  /** What is done when the next key is a `y`. */
  readonly asking?: 'reset' | undefined;
}

/** A text that is longer is shown by itself. */
const MOST_BESIDE = 8;
const LEAST = { columns: 40, rows: 10 };

/** The whole terminal, as it is to be now. */
export function renderLoop(state: LoopState, look: Look): string {
  const { columns, rows = Number.POSITIVE_INFINITY } = look;
  if (columns < LEAST.columns || rows < LEAST.rows) return tooSmall(look);
  if (state.page) return renderPage(state.page, look);
  if (state.view && state.failure === undefined) return renderScreen(state.view, look, state);

  const sheet = sheetFor(look);
  const says =
    state.failure === undefined
      ? [`checking ${signsOf(look).more}`]
      : [...sheet.prose(state.failure), '', 'r try again   l list   n skip   q quit'];
  const said = state.said === undefined ? [] : [...state.said.split('\n'), ''];
  return ['', ...said, ...says].reduce(
    (text, line) => `${text}\n${line === '' ? '' : MARGIN + line}`,
    MARGIN + numbered(state.exercise, sheet),
  );
}

/** Short texts stand under the judgement, long ones alone. */
export function saying(text: string): Pick<LoopState, 'said' | 'page'> {
  const lines = text.split('\n');
  return lines.length > MOST_BESIDE ? { page: lines } : { said: text };
}

/** The rest of a page after what was seen of it; nothing at its end. */
export function turned(page: readonly string[], look: Look): readonly string[] | undefined {
  const rest = linesOf(page, look).slice(roomFor(look));
  return rest.length > 0 ? rest : undefined;
}

function renderPage(page: readonly string[], look: Look): string {
  const room = roomFor(look);
  const lines = linesOf(page, look);
  const rest = lines.length - room;
  const foot = rest > 0 ? `space: ${rest} more lines   esc back` : 'any key: back';
  return [...lines.slice(0, room), '', look.colour.faint(foot)]
    .map((text) => (text === '' ? '' : MARGIN + text))
    .join('\n');
}

function linesOf(page: readonly string[], { columns }: Look): readonly string[] {
  return page.flatMap((text) => wrap(text, columns - 2 * MARGIN.length));
}

function roomFor({ rows = Number.POSITIVE_INFINITY }: Look): number {
  return Math.max(1, rows - 3);
}

function tooSmall({ columns, rows }: Look): string {
  return `This terminal has ${columns} x ${rows ?? '?'} characters.\nThe workshop needs ${LEAST.columns} x ${LEAST.rows}: make it\nlarger, or press q.`;
}
