// A worker of activities alone, in a process of its own, which is killed or frozen where it says that it is.
import type { Context } from '@temporalio/activity';
import { NativeConnection, Worker } from '@temporalio/worker';
import { installQuietRuntime } from '#temporal/quiet';
import { joinInterceptors } from '../interceptors.ts';
import { hear, say } from '../process.ts';
import type { AttemptOf } from '../recorder.ts';
import { callOf } from './calls.ts';
import type { VictimEnvironment } from './processes.ts';
import { type WorkerFactory, withoutWorkflows } from './workers.ts';

const env = process.env as VictimEnvironment;
let isStruck = false;

async function standStill({ info }: Context): Promise<void> {
  isStruck = true;
  say('at the fault point', {
    activity: env.EXPLORE_ACTIVITY,
    attempt: info.attempt,
    workflowId: info.workflowExecution?.workflowId ?? '',
    runId: info.workflowExecution?.runId ?? '',
    worker: `process ${process.pid}`,
  } satisfies AttemptOf);
  await hear('go on');
}

async function struck(context: Context, run: () => Promise<unknown>): Promise<unknown> {
  if (env.EXPLORE_WHEN === 'before the effect') await standStill(context);
  const result = run();
  await result.catch(() => {});
  if (env.EXPLORE_WHEN === 'after the effect') await standStill(context);
  say('attempt over');
  return await result;
}

installQuietRuntime();
const { worker: system } = (await import(env.EXPLORE_MODULE)) as { worker: WorkerFactory };
const options = withoutWorkflows(system({ taskQueue: env.EXPLORE_TASK_QUEUE }));
const worker = await Worker.create({
  ...options,
  connection: await NativeConnection.connect({ address: env.EXPLORE_ADDRESS }),
  namespace: env.EXPLORE_NAMESPACE,
  taskQueue: env.EXPLORE_TASK_QUEUE,
  interceptors: joinInterceptors(
    {
      activity: [
        (context) => ({
          inbound: {
            execute(input, next) {
              const isMeant = callOf(input.headers)?.name === env.EXPLORE_ACTIVITY && !isStruck;
              return isMeant ? struck(context, () => next(input)) : next(input);
            },
          },
        }),
      ],
    },
    options.interceptors ?? {},
  ),
  // While it stands still it polls for nothing else: what comes next goes to another worker.
  maxConcurrentActivityTaskExecutions: 1,
});
await worker.run();
