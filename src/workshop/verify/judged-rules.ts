import type { Exercise, Variant, WrongTurn } from '../exercise.ts';
import { failuresOf, isGood, type Judgement } from '../judgement.ts';

/** What judging has shown of an exercise that is not as it should be, in sentences. */
export function dynamicProblems(exercise: Exercise, judgements: readonly Judgement[]): string[] {
  const each = judgements.flatMap((judgement) => {
    const told = strayProblem(judgement) ?? claimProblem(exercise, judgement);
    return told === undefined ? [] : [`${inWords(judgement)} ${told}`];
  });
  const killed = new Set(
    judgements.filter(({ variant }) => variant !== 'solution').flatMap(failuresOf),
  );
  const safe = exercise.claims.filter(
    (code) => !killed.has(code) && !exercise.scenery.includes(code),
  );
  return [...each, ...safe.map((code) => `no starter and no wrong turn has broken ${code}`)];
}

/** Whatever is no claim is an error of the exercise. */
function strayProblem({ stopped, notReached }: Judgement): string | undefined {
  if (stopped) {
    const at = stopped.place === undefined ? '' : ` (${stopped.place})`;
    return `stopped: ${stopped.name}: ${stopped.message.split('\n')[0]}${at}`;
  }
  return notReached.length > 0 ? `does not reach ${notReached.join(', ')}` : undefined;
}

function claimProblem(exercise: Exercise, judgement: Judgement): string | undefined {
  const { variant } = judgement;
  const failed = failuresOf(judgement);
  if (variant === 'solution') {
    return isGood(judgement) ? undefined : `breaks ${failed.join(', ')}`;
  }
  const { must, may } = expectedOf(exercise, variant);
  if (failed.length === 0) return 'passes every claim: the test does not see it';
  const missing = must.filter((code) => !failed.includes(code));
  const strange = failed.filter((code) => !must.includes(code) && !may.includes(code));
  const told = [
    ...(missing.length > 0 ? [`does not break ${missing.join(', ')}`] : []),
    ...(strange.length > 0 ? [`also breaks ${strange.join(', ')}`] : []),
  ];
  return told.length > 0 ? told.join(', and ') : undefined;
}

function expectedOf(
  { starter, wrong }: Exercise,
  variant: Variant,
): Pick<WrongTurn, 'must' | 'may'> {
  if (variant === 'starter') return { must: starter, may: [] };
  return wrong[variant.replace(/^wrong-/, '')] ?? { must: [], may: [] };
}

function inWords({ variant }: Judgement): string {
  if (variant === 'starter' || variant === 'solution') return `the ${variant}`;
  return `the wrong turn "${variant.replace(/^wrong-/, '')}"`;
}

/**
 * What the README says that a learner sees first is what the starter is told: each claim that it breaks, and no other.
 * Numbers may differ where a race makes them.
 */
export function readmeProblems(readme: string, judgements: readonly Judgement[]): string[] {
  const starter = judgements.find(({ variant }) => variant === 'starter');
  if (!starter) return [];
  const seen = starter.claims
    .filter(({ holds }) => !holds)
    .map(({ code, says }) => `FAIL ${code}: ${says}. Got `);
  const shown = readme.split('\n').filter((line) => line.startsWith('FAIL '));
  return [
    ...seen
      .filter((line) => !shown.some((other) => other.startsWith(line)))
      .map((line) => `its README does not show "${line}…"`),
    ...shown
      .filter((line) => !seen.some((other) => line.startsWith(other)))
      .map((line) => `its README shows what nobody sees: "${line}"`),
  ];
}
