import { isGood } from '../judgement.ts';
import type { View } from '../learner/view.ts';

/** For screen readers, pipes and logs: one fact a line, no colour, no boxes. Each line begins with what it is. */
export function renderPlain(view: View): string {
  const { exercise, progress, judgement, edit, hintsLeft } = view;
  const good = isGood(judgement);
  return [
    `exercise ${exercise.number} of ${progress.of}: ${exercise.slug}. ${progress.done} done.`,
    ...claimLines(view),
    ...stoppedLines(view),
    ...judgement.printed.map((text) => `PRINTED ${text.split('\n').join(' / ')}`),
    resultLine(view),
    ...view.notes.map((note) => `NOTE ${sentence(note)}`),
    ...(good ? passedLines(view) : [`EDIT ${inWords(edit.place)}.`]),
    ...(good || hintsLeft === 0 ? [] : [`HINTS ${hintsLeft} left. Type: npm run workshop -- hint`]),
  ].join('\n');
}

/** Green first, red last, nearest to the prompt. */
function claimLines({ judgement: { claims } }: View): string[] {
  const passed = claims.filter(({ holds }) => holds);
  const failed = claims.filter(({ holds }) => !holds);
  return [
    ...passed.map(({ code, says, got }) => `PASS ${code}: ${says}. Got ${got}.`),
    ...failed.map(
      ({ code, says, got, wanted }) => `FAIL ${code}: ${says}. Got ${got}, wanted ${wanted}.`,
    ),
  ];
}

function stoppedLines({ judgement: { stopped }, wrongTurn }: View): string[] {
  const at = stopped?.place === undefined ? '' : ` At ${inWords(stopped.place)}.`;
  return [
    ...(stopped ? [`STOPPED ${sentence(`${stopped.name}: ${stopped.message}`)}${at}`] : []),
    ...(wrongTurn ? [`WRONG TURN ${wrongTurn.name}: ${sentence(wrongTurn.says)}`] : []),
  ];
}

function resultLine({ judgement }: View): string {
  const { claims, stopped, durationMs } = judgement;
  const pass = claims.filter(({ holds }) => holds).length;
  const how = stopped ? 'stopped, no try' : isGood(judgement) ? 'passed' : 'failed';
  const seconds = (durationMs / 1_000).toFixed(1);
  return `RESULT ${how}, ${pass} pass, ${claims.length - pass} fail, ${seconds} seconds.`;
}

function passedLines({ exercise, next }: View): string[] {
  return [
    `SHOWN ${sentence(exercise.lesson)}`,
    `QUESTION Before you go on, say it in one sentence: ${exercise.question}`,
    `COMPARE exercises/${exercise.folder}/solution. Type: npm run workshop -- diff`,
    ...(next
      ? [`NEXT ${next.number}: ${next.slug}. Type: npm run workshop -- next`]
      : ['NEXT nothing is left.']),
  ];
}

function inWords(place: string): string {
  return place.replace(/:(\d+)$/, ' line $1');
}

function sentence(text: string): string {
  const oneLine = text.trim().replace(/\s*\n\s*/g, ' / ');
  return /[.?!]$/.test(oneLine) ? oneLine : `${oneLine}.`;
}
