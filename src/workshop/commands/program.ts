import { Command } from 'commander';
import { EXIT, WorkshopError } from '../errors.ts';
import type { Exercise } from '../exercise.ts';
import { benchOf, goOn } from '../learner/bench.ts';
import { afterSkipping } from '../learner/state.ts';
import { listText, twoDigits } from '../learner/texts.ts';
import { type CheckOptions, check } from './check.ts';
import { type Desk, hasScreen } from './desk.ts';
import { addFiles, addHelp } from './program-files.ts';
import { chosen, exerciseNamed, nearestOf } from './which.ts';

/** Tells how its command has ended. */
type Ends = (exitCode: number) => void;

/** `npm run workshop`, with all its commands. */
export function workshopProgram(desk: Desk, ends: Ends): Command {
  const program = new Command('workshop')
    .description('Learn it with your hands: 25 exercises, judged as you save them.')
    .enablePositionalOptions()
    .argument('[exercise]', 'the number or the name of one: it is opened')
    .option('--plain', 'judge once, in plain lines')
    .action(async (name: string | undefined, options: CheckOptions) => {
      ends(await begin(desk, program, name, options));
    })
    .addHelpText('after', WHICH_CHECK);
  for (const add of [addCheck, addWays, addHelp, addFiles, addRest]) add(program, desk, ends);
  for (const command of [program, ...program.commands]) command.exitOverride();
  return program;
}

const WHICH_CHECK = `
Three checks, which are not one another:
  npm run workshop -- check   judges your exercise
  npm run check               checks the code of this repository: types, lint, format
  press-twice check <url>     tries the rules of idempotency on an HTTP endpoint

Exit codes: 0 good, 1 a claim fails, 2 used wrongly, 3 this machine lacks something,
4 stopped before the claims, 5 the test was changed, 130 Ctrl-C.`;

/** The loop where somebody sits at a terminal, one judgement where nobody does. */
async function begin(
  desk: Desk,
  program: Command,
  name: string | undefined,
  options: CheckOptions,
) {
  const workshop = desk.workshop();
  if (name !== undefined) await workshop.open(meant(name, desk, program));
  const current = workshop.current();
  // It stays open when it is passed: `diff`, `hint` and `next` speak of what was judged last.
  await workshop.open(current);
  if (options.plain || !hasScreen(desk)) return await check(desk, [current], { plain: true });
  // It loads while the screen is drawn.
  await desk.ground.judge();
  const { watch } = await import('../watch.ts');
  const { input, output, signal } = desk;
  return await watch({ bench: benchOf(workshop), input, output, signal });
}

/** A word that is no command is an exercise, or a slip. */
function meant(name: string, desk: Desk, program: Command): Exercise {
  const { exercises } = desk.workshop();
  const names = program.commands.map((command) => command.name());
  const near = nearestOf(name, [...names, ...exercises.map(({ slug }) => slug)]);
  if (near === undefined || /^\d/.test(name) || !names.includes(near))
    return exerciseNamed(name, exercises);
  throw new WorkshopError(`There is no command "${name}". Did you mean ${near}?`, EXIT.usage);
}

function addCheck(program: Command, desk: Desk, ends: Ends): void {
  program
    .command('check')
    .description('judge once: the open exercise, one that it opens, or all that you have begun')
    .argument('[exercise]', 'its number or its name')
    .option('--all', 'each that you have begun')
    .option('--json', 'as JSON')
    .option('--plain', 'in plain lines, also on a terminal')
    .action(async (name: string | undefined, options: CheckOptions & { all?: boolean }) => {
      const workshop = desk.workshop();
      const begun = ({ slug }: Exercise) => workshop.state().last[slug] !== undefined;
      const exercises = options.all ? workshop.exercises.filter(begun) : [chosen(desk, name)];
      const [only] = exercises;
      if (!only) throw new WorkshopError('You have begun none yet', EXIT.usage);
      if (!options.all) await workshop.open(only);
      ends(await check(desk, exercises, options));
    });
}

function addWays(program: Command, desk: Desk, _ends: Ends): void {
  program
    .command('list')
    .description('all exercises, and how far you are')
    .action(() => {
      const { exercises, state, root } = desk.workshop();
      desk.print(listText(exercises, state(), root));
    });
  program
    .command('open')
    .description('open an exercise; nothing is locked')
    .argument('<exercise>', 'its number or its name')
    .action(async (name: string) => {
      const exercise = chosen(desk, name);
      await desk.workshop().open(exercise);
      desk.print(`${twoDigits(exercise.number)} ${exercise.slug}: edit my/${exercise.folder}`);
    });
  program
    .command('next')
    .description('open the next one; the open one counts as skipped where it is not done')
    .action(async () => desk.print(await goOn(desk.workshop())));
  program
    .command('skip')
    .description('leave this one for later, and open the next')
    .action(async () => {
      const workshop = desk.workshop();
      workshop.note(afterSkipping(workshop.state(), workshop.current()));
      desk.print(await goOn(workshop));
    });
}

function addRest(program: Command, desk: Desk, ends: Ends): void {
  program
    .command('picture')
    .description('draw what happened, as a page of its own')
    .argument('[exercise]', 'its number or its name')
    .action(async (name?: string) => desk.print(await desk.workshop().picture(chosen(desk, name))));
  program
    .command('present')
    .description('show an exercise to a room, page by page')
    .argument('<exercise>', 'its number or its name')
    .action(async (name: string) => {
      const { present } = await import('./present.ts');
      const { input, output, signal, root } = desk;
      ends(await present(chosen(desk, name), { input, output, signal, root }));
    });
  program
    .command('doctor')
    .description('what this machine lacks for the workshop, and how to mend it')
    .action(async () => {
      const { doctor } = await import('./doctor.ts');
      ends(await doctor(desk));
    });
  program
    .command('prepare')
    .description('the day before: fetch, build and try all that needs a network')
    .action(async () => {
      const { prepare } = await import('./prepare.ts');
      ends(await prepare(desk));
    });
  program
    .command('verify')
    .description('for those who write exercises: prove that each of them teaches what it says')
    .argument('[exercises...]', 'numbers or names; without any, all')
    .option('--json <file>', 'where the result goes', '.workshop/verify.json')
    .action(async (names: string[], { json }: { json: string }) => {
      const { verify } = await import('../verify.ts');
      ends(await verify(desk, names, json));
    });
}
