import type { Command } from 'commander';
import { EXIT, WorkshopError } from '../errors.ts';
import type { Desk } from './desk.ts';
import { chosen, wrongTurnNamed } from './which.ts';

/** What helps with the open exercise. */
export function addHelp(program: Command, desk: Desk): void {
  program
    .command('hint')
    .description('the next of three hints: where to look, the idea, the line with a blank in it')
    .argument('[number]', '1 to 3')
    .action((number?: string) => {
      const which = number === undefined ? undefined : Number(number);
      if (which !== undefined && ![1, 2, 3].includes(which)) {
        throw new WorkshopError(`There is no hint ${number}: there are 1, 2 and 3`, EXIT.usage);
      }
      const workshop = desk.workshop();
      desk.print(workshop.hint(workshop.current(), which));
    });
  program
    .command('diff')
    .description('what you have, beside the solution; noted as "compared first"')
    .argument('[exercise]', 'its number or its name')
    .action(async (name?: string) => desk.print(await desk.workshop().diff(chosen(desk, name))));
  program
    .command('solution')
    .description('the solution; noted as "compared first"')
    .argument('[exercise]', 'its number or its name')
    .action((name?: string) => desk.print(desk.workshop().solution(chosen(desk, name))));
  program
    .command('wrong')
    .description('take a wrong turn: it is copied into my/, and yours is kept')
    .argument('<exercise>', 'its number or its name')
    .argument('[name]', 'which one; without it the next one')
    .action(async (name: string, turn?: string) => {
      const exercise = chosen(desk, name);
      const which = turn === undefined ? undefined : wrongTurnNamed(turn, exercise);
      await desk.workshop().open(exercise);
      desk.print(await desk.workshop().wrong(exercise, which));
    });
}

/** What puts files into `my/`. */
export function addFiles(program: Command, desk: Desk): void {
  program
    .command('reset')
    .description('begin an exercise anew; what you had is kept in my/.kept')
    .argument('[exercise]', 'its number or its name')
    .option('--all', 'all of them')
    .option('--yes', 'do not ask')
    .action(async (name: string | undefined, options: { all?: boolean; yes?: boolean }) => {
      const workshop = desk.workshop();
      const exercises = options.all ? workshop.exercises : [chosen(desk, name)];
      const what = options.all ? 'all exercises' : `my/${exercises[0]?.folder}`;
      const question = `Put the starter back into ${what}? Your files are kept.`;
      const sure = options.yes || (await desk.agrees(question));
      desk.print(sure ? await workshop.reset(exercises) : 'Nothing was changed.');
    });
  program
    .command('undo')
    .description('bring back what was put away last; twice undoes it')
    .action(async () => desk.print(await desk.workshop().undo()));
}
