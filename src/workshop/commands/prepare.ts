import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '#config';
import { findCli } from '#temporal/cli/find';
import { EXIT, type Exit } from '../errors.ts';
import { type Exercise, folderOf, needsTemporal } from '../exercise.ts';
import { isGood } from '../judgement.ts';
import { ensureMine } from '../learner/my.ts';
import type { Desk } from './desk.ts';
import { doctor } from './doctor.ts';

/** Does in advance what needs a network or takes long, tries one exercise, and says what is ready. */
export async function prepare(desk: Desk): Promise<Exit> {
  const { print, warn, signal, root } = desk;
  const { exercises } = desk.workshop();
  const cli = await findCli({
    config: loadConfig(),
    onProgress: ({ text }) => warn(text),
    signal,
  }).catch((error: unknown) => warn(String(error instanceof Error ? error.message : error)));
  if (cli) print(`ready  server: ${cli.version}, ${cli.path}`);

  for (const exercise of exercises) await ensureMine(root, exercise);
  print(`ready  files: ${exercises.length} exercises in my/`);
  const bundles = await bundleAll(exercises, root);
  print(`ready  workflows: ${bundles} bundles`);

  const judged = cli ? await tryOne(desk, exercises) : false;
  const machine = await doctor(desk);
  const good = judged && machine === EXIT.good;
  print(good ? 'READY: the workshop needs no network now.' : 'NOT READY: see the lines above.');
  return good ? EXIT.good : EXIT.environment;
}

/** What the rig would bundle when it is asked for first. */
async function bundleAll(exercises: readonly Exercise[], root: string): Promise<number> {
  const paths = exercises.flatMap((exercise) => workflowsOf(exercise, root));
  if (paths.length === 0) return 0;
  // Loaded here, because it loads the SDK.
  const { bundleForFaults } = await import('#testkit/bundles');
  for (const workflowsPath of paths) await bundleForFaults({ workflowsPath });
  return paths.length;
}

/** The files that its test names: those of the learner, or shared ones. */
function workflowsOf(exercise: Exercise, root: string): readonly string[] {
  const own = `exercises/${exercise.folder}`;
  const test = readFileSync(join(root, own, 'test.ts'), 'utf8');
  const names = [...test.matchAll(/workflows: '([^']+)'/g)].map(([, name = '']) => name);
  return [...new Set(names)]
    .map((name) => join(root, name.startsWith('shared/') ? own : folderOf(exercise, 'my'), name))
    .filter((path) => existsSync(path));
}

async function tryOne(desk: Desk, exercises: readonly Exercise[]): Promise<boolean> {
  const exercise = exercises.find((one) => needsTemporal(one, desk.root)) ?? exercises[0];
  if (!exercise) return false;
  const judge = await desk.ground.judge();
  const [judgement] = await judge.judge([{ exercise, variant: 'solution' }]);
  const good = judgement !== undefined && isGood(judgement);
  const stopped = judgement?.stopped?.message ?? 'a claim fails';
  desk.print(
    good ? `ready  judge: ${exercise.slug}` : `broken judge: ${exercise.slug}: ${stopped}`,
  );
  return good;
}
