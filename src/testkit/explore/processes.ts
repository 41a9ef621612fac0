import { extname } from 'node:path';
import { v7 as uuid } from 'uuid';
import { type Fixture, spawnFixture } from '../process.ts';
import type { AttemptOf } from '../recorder.ts';
import type { Explorer } from './explorer.ts';
import type { Stage } from './stage.ts';
import type { PROCESS_WINDOWS } from './table.ts';
import type { Trial } from './trial.ts';

/** What the process of a victim is told. */
export interface VictimEnvironment extends Record<string, string> {
  readonly EXPLORE_ADDRESS: string;
  readonly EXPLORE_NAMESPACE: string;
  readonly EXPLORE_TASK_QUEUE: string;
  readonly EXPLORE_MODULE: string;
  readonly EXPLORE_ACTIVITY: string;
  readonly EXPLORE_WHEN: 'before the effect' | 'after the effect';
}

const VICTIM = new URL(`./victim${extname(import.meta.url)}`, import.meta.url);

/**
 * A trial whose activities run in a process of their own, until one of them has said that it is at the fault point; and
 * then in this one. The workflows stay here: a run would wait for ten seconds for a dead worker of its own.
 */
export async function stageOfProcesses<S>(
  { plan, workers }: Explorer<S>,
  window: (typeof PROCESS_WINDOWS)[number],
  activity: string,
): Promise<Stage> {
  const { temporal, env, workerModule } = plan;
  const taskQueue = `${temporal.taskQueue}-${uuid()}`;
  const options = { ...plan.worker({ taskQueue }), taskQueue };
  const workflows = await workers.run(options, { name: 'workflows', part: 'workflows' });
  const victim = spawnFixture(VICTIM, {
    ...env,
    EXPLORE_ADDRESS: temporal.address,
    EXPLORE_NAMESPACE: temporal.client.options.namespace,
    EXPLORE_TASK_QUEUE: taskQueue,
    EXPLORE_MODULE: workerModule?.href ?? '',
    EXPLORE_ACTIVITY: activity,
    EXPLORE_WHEN: window === 'killed after the effect' ? 'after the effect' : 'before the effect',
  } satisfies VictimEnvironment);
  const heirs: AsyncDisposable[] = [];
  const inherit = async () => {
    heirs.push(await workers.run(options, { name: 'the heir', part: 'activities' }));
  };

  return {
    taskQueue,
    fault: { drive: (trial) => strike(trial, { victim, inherit, freezes: window === 'frozen' }) },
    async anotherWorker() {},
    async [Symbol.asyncDispose]() {
      for (const opened of [victim, ...heirs, workflows]) await opened[Symbol.asyncDispose]();
    },
  };
}

interface Strike {
  readonly victim: Fixture;
  readonly inherit: () => Promise<void>;
  readonly freezes: boolean;
}

async function strike(trial: Trial, { victim, inherit, freezes }: Strike): Promise<void> {
  const { recorder, attempts, runs, notes } = trial;
  const reached = victim.said<AttemptOf>('at the fault point');
  const met = await Promise.race([reached, runs.closed().then(() => undefined)]);
  if (!met) return;
  attempts.strike();
  const over = freezes ? victim.said('attempt over') : new Promise(() => {});
  void recorder.attempt(met, () => over).catch(() => {}); // Of a killed one nobody hears.

  if (freezes) victim.freeze();
  else victim.kill('SIGKILL');
  notes.push(`process ${victim.pid} ${freezes ? 'was frozen' : `ended: ${await victim.exited}`}`);
  await inherit();
  await runs.closed();
  if (!freezes) return;
  victim.thaw();
  victim.send('go on');
  await over;
}
