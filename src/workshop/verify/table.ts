import { failuresOf, isGood, type Judgement } from '../judgement.ts';
import { twoDigits } from '../learner/texts.ts';
import type { Verified } from '../verify.ts';
import { dynamicProblems } from './judged-rules.ts';
import type { Problem } from './rules.ts';

/** On two cores. */
const BUDGET_SECONDS = 180;

/** One row an exercise, what is wrong with it under it, and the totals in the last line. */
export function renderVerified(
  verified: readonly Verified[],
  written: readonly Problem[],
  seconds: number,
): string {
  const turns = verified.flatMap(({ exercise }) => Object.keys(exercise.wrong));
  const claims = verified.flatMap(({ exercise }) => exercise.claims);
  const problems = written.length + verified.flatMap((one) => one.problems).length;
  return [
    row(['exercise', 'starter fails as told', 'wrong turns', 'solution'], 's'),
    ...verified.flatMap(rowsOf),
    ...written.map(({ path, message }) => `  ${path} ${message}`),
    [
      `${verified.length} exercises`,
      `${verified.length} starters`,
      `${turns.length} wrong turns`,
      `${claims.length} claims`,
      ...(problems > 0 ? [`${problems} problems`] : []),
      `${Math.round(seconds)} s of ${BUDGET_SECONDS} s`,
    ].join(' · '),
  ].join('\n');
}

const WIDTHS = [26, 26, 28, 12];

function row(cells: readonly string[], last: string): string {
  const padded = WIDTHS.map((width, index) => fitted(cells[index] ?? '', width));
  return `  ${padded.join(' ')} ${last.padStart(5)}`.trimEnd();
}

function fitted(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

function rowsOf({ exercise, judgements, problems }: Verified): string[] {
  const of = (name: string) => judgements.find(({ variant }) => variant === name);
  const [starter, solution] = [of('starter'), of('solution')];
  const turns = judgements.filter(({ variant }) => variant.startsWith('wrong-'));
  const total = judgements.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const held = solution && isGood(solution);
  const [first = '', ...rest] = packed(turns.map((turn) => markedTurn(turn)));
  return [
    row(
      [
        `${twoDigits(exercise.number)} ${exercise.slug}`,
        starter ? `${mark(starter)} ${failuresOf(starter).join(' ')}` : '',
        first,
        `${held ? '✓' : '✗'} ${exercise.claims.length} claims`,
      ],
      (total / 1_000).toFixed(1),
    ),
    ...rest.map((line) => row(['', '', line, ''], '')),
    ...problems.map((problem) => `     ${problem}`),
  ];
}

function markedTurn(judgement: Judgement): string {
  return `${mark(judgement)} ${judgement.variant.replace(/^wrong-/, '')}`;
}

/** Whether this one variant did what it is there for. */
function mark(judgement: Judgement): string {
  const own = dynamicProblems({ ...judgement.exercise, claims: [] }, [judgement]);
  return own.length === 0 ? '✓' : '✗';
}

/** As many on a line as it holds. */
function packed(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    const width = WIDTHS[2] ?? 0;
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
