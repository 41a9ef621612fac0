import { basename } from 'node:path';
import { count } from '#report';
import { folderOf } from '../exercise.ts';
import type { View } from '../learner/view.ts';
import { line, type Sheet } from './sheet.ts';
import { cut, harmless, widthOf, wrap } from './text.ts';

const BAR = 15;

/** Number and title, and how far it is to the end. */
export function header({ exercise, progress }: View, sheet: Sheet): readonly string[] {
  const { signs, colour, width } = sheet;
  const full = Math.round((progress.done / Math.max(1, progress.of)) * BAR);
  const figures = `${progress.done}/${progress.of}`.padStart(5);
  const bar = signs.full.repeat(full) + signs.empty.repeat(BAR - full);
  const title = numbered(exercise, sheet);
  return [
    line(
      sheet,
      [{ text: title, paint: colour.title }],
      [{ text: `${bar} ${figures}` }],
      [{ text: figures }],
    ),
    colour.faint(signs.rule.repeat(width)),
  ];
}

/** `12 · Which key?` */
export function numbered(exercise: View['exercise'], { signs }: Sheet): string {
  return `${`${exercise.number}`.padStart(2, '0')} ${signs.dot} ${signs.text(exercise.title)}`;
}

/** Why there are no claims, or not all of them. */
export function stopLines({ exercise, judgement }: View, sheet: Sheet): readonly string[] {
  const { stopped, claims } = judgement;
  if (!stopped) return [];
  const { signs, colour } = sheet;
  const where =
    claims.length === 0
      ? 'before the first claim'
      : `after ${claims.length} of ${count(exercise.claims.length, 'claim')}`;
  const error = harmless(`${stopped.name}: ${stopped.message}`)
    .split('\n')
    .filter((text) => text.trim() !== '')
    .flatMap((text) => wrap(signs.text(text), sheet.width - 4))
    .slice(0, MOST_OF_AN_ERROR);
  const place = stopped.place === undefined ? [] : [line(sheet, [sheet.link(stopped.place, 4)])];
  return [
    ...sheet.prose(`${signs.stopped}Stopped ${where}: ${causeOf(stopped)}.`).map(colour.bad),
    '',
    ...[...error, ...place].map((text) => `    ${text}`),
    '',
    ...sheet.prose(`${AFTERWARDS[kindOf(stopped)]}This is not counted as a try.`),
  ];
}

const MOST_OF_AN_ERROR = 6;

type Kind = 'syntax' | 'workflow' | 'own' | 'late' | 'other';

function kindOf({ name, place = '' }: StoppedView): Kind {
  // One that is thrown while the code runs comes from JSON or the like, and most often lies in the test.
  if (name === 'SyntaxError' && place.startsWith('my/')) return 'syntax';
  if (name === 'TimedOut') return 'late';
  if (!place.startsWith('my/')) return 'other';
  return /workflow/.test(basename(place)) ? 'workflow' : 'own';
}

type StoppedView = NonNullable<View['judgement']['stopped']>;

function causeOf(stopped: StoppedView): string {
  return {
    syntax: 'your code does not compile',
    workflow: 'your workflow code threw',
    own: 'your code threw',
    late: 'nothing came of it in time',
    other: 'the test could not go on',
  }[kindOf(stopped)];
}

const AFTERWARDS: Readonly<Record<Kind, string>> = {
  syntax: '',
  workflow:
    'Temporal would retry this workflow task for ever and your test would hang. The workshop makes it fail at once. ',
  own: '',
  late: '',
  other: '',
};

/** Where to type, and where to read. */
export function places({ edit, test }: View, sheet: Sheet, { withTest = true } = {}) {
  const { colour, signs } = sheet;
  const todo = edit.todo === undefined ? [] : [[{ text: signs.text(`TODO: ${edit.todo}`) }]];
  const read = ["(read it, don't change it)", '(read only)'];
  return [
    line(sheet, [{ text: 'edit   ', paint: colour.faint }, sheet.link(edit.place, 7)], ...todo),
    ...(withTest
      ? [
          line(
            sheet,
            [{ text: 'test   ', paint: colour.faint }, sheet.link(test.place, 7)],
            ...read.map((text) => [{ text, paint: colour.faint }]),
          ),
        ]
      : []),
  ];
}

/** The solution's twin of the file that was edited. */
export function comparison({ exercise, edit }: View, sheet: Sheet): string {
  const file = basename(edit.place).replace(/:\d+$/, '');
  const place = `${folderOf(exercise, 'solution')}/${file}`;
  return line(
    sheet,
    [{ text: 'compare   ', paint: sheet.colour.faint }, sheet.link(place, 10)],
    [{ text: '(press d)', paint: sheet.colour.faint }],
  );
}

/** The keys in one line, in the first of these wordings that fits; else in as many lines as they need. */
export function keyLines(wordings: readonly (readonly string[])[], sheet: Sheet) {
  const room = sheet.width + 1;
  const one = wordings.flatMap((words) => [words.join(GAP), words.join(GAP.slice(1))]);
  const fits = one.find((text) => widthOf(text) <= room);
  if (fits !== undefined) return [sheet.colour.faint(fits)];
  const shortest = wordings.at(-1) ?? [];
  const lines = shortest.reduce<string[]>((done, word) => {
    const longer = done.length === 0 ? word : `${done.at(-1)}${GAP}${word}`;
    return widthOf(longer) <= room ? [...done.slice(0, -1), longer] : [...done, word];
  }, []);
  return lines.map((text) => sheet.colour.faint(cut(text, room, sheet.signs.more)));
}

const GAP = '   ';
