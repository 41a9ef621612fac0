import { v7 as uuid } from 'uuid';
import type { Explorer } from './explorer.ts';
import type { WINDOWS } from './table.ts';
import { type PlantedFault, WINDOW_PLANS } from './windows.ts';

/** Where one trial takes place, and what goes wrong there. */
export interface Stage extends AsyncDisposable {
  readonly taskQueue: string;
  readonly fault: PlantedFault;
  /** Stops the trial's own worker for good, and starts another one in its place. */
  anotherWorker(): Promise<void>;
}

export async function stageInProcess<S>(
  explorer: Explorer<S>,
  window: (typeof WINDOWS)[number],
): Promise<Stage> {
  const plan = WINDOW_PLANS[window];
  const fault = plan.plant();
  if (plan.worker === 'own') return await stageOfItsOwn(explorer, fault);
  const { shared, withoutCache } = explorer.queues;
  return {
    taskQueue: plan.worker === 'shared' ? shared : withoutCache,
    fault,
    async anotherWorker() {},
    async [Symbol.asyncDispose]() {},
  };
}

async function stageOfItsOwn<S>(
  { plan, workers }: Explorer<S>,
  fault: PlantedFault,
): Promise<Stage> {
  const taskQueue = `${plan.temporal.taskQueue}-${uuid()}`;
  // Without a cache the server never waits for the worker that is gone to go on with a run of its own.
  const start = (name: string) =>
    workers.run({ ...plan.worker({ taskQueue }), taskQueue }, { name, cached: false });
  let worker = await start('worker 1');
  return {
    taskQueue,
    fault,
    async anotherWorker() {
      await worker[Symbol.asyncDispose]();
      worker = await start('worker 2');
    },
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  };
}
