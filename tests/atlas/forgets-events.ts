import type { Client } from '@temporalio/client';
import { loadConfig } from '#config';
import { startDevServer } from '#temporal/dev-server';
import { connectTest, forgetRun, startRestartableServer } from '#testkit';
import type { AtlasGround } from './table.ts';
import { runTold, type ToldRuns, turnPage } from './told.ts';

/** Runs, and something that may make the server forget them. */
export interface Event extends AsyncDisposable {
  readonly runs: ToldRuns;
  /** Brought about while the runs are open, to each of them. */
  whileOpen?(workflowId: string): Promise<void>;
  /** Brought about when those that are to be closed have closed. @returns where it is asked for again */
  happen(workflowIds: readonly string[]): Promise<ToldRuns>;
}

/** What a server may forget by. */
export const EVENTS: Readonly<Record<string, (ground: AtlasGround) => Promise<Event>>> = {
  nothing: (ground) => onGround(ground, async (_client, runs) => runs),

  async 'continue-as-new'(ground) {
    const event = await onGround(ground, async (_client, runs) => runs);
    return { ...event, whileOpen: (workflowId) => turnPage(event.runs.client, workflowId) };
  },

  deletion: (ground) =>
    onGround(ground, async (client, runs, workflowIds) => {
      await Promise.all(workflowIds.map((workflowId) => forgetRun(client, workflowId)));
      return runs;
    }),

  async 'another namespace'({ testServer }) {
    const temporal = await connectTest(testServer);
    const runs = await runTold(temporal);
    const stack: AsyncDisposable[] = [temporal, runs];
    return {
      runs,
      async happen() {
        const elsewhere = await runTold(temporal, 'elsewhere');
        stack.push(elsewhere);
        return elsewhere;
      },
      [Symbol.asyncDispose]: () => disposeAll(stack),
    };
  },

  async 'restart, in memory'() {
    const settings = { config: loadConfig(), settings: 'brisk', onProgress: () => {} } as const;
    const server = await startDevServer(settings);
    const before = await connectTest(server);
    const runs = await runTold(before);
    const stack: AsyncDisposable[] = [server, before, runs];
    return {
      runs,
      async happen() {
        await disposeAll(stack.splice(1));
        server.kill();
        // What stands for the dead server here would keep this process alive.
        await server.env.teardown();
        const again = await startDevServer(settings);
        const after = await connectTest(again);
        const runsAfter = await runTold(after);
        stack.push(again, after, runsAfter);
        return runsAfter;
      },
      [Symbol.asyncDispose]: () => disposeAll(stack),
    };
  },

  async 'restart, on file'() {
    const server = await startRestartableServer({
      config: loadConfig(),
      settings: 'brisk',
      onProgress: () => {},
    });
    const runs = await runTold(server);
    return {
      runs,
      async happen() {
        await server.restart();
        return runs;
      },
      [Symbol.asyncDispose]: () => disposeAll([server, runs]),
    };
  },
};

type Happen = (client: Client, runs: ToldRuns, workflowIds: readonly string[]) => Promise<ToldRuns>;

async function onGround({ testServer }: AtlasGround, happen: Happen) {
  // A task queue of its own: one process has one worker for a queue.
  const temporal = await connectTest(testServer);
  const runs = await runTold(temporal);
  return {
    runs,
    happen: (workflowIds: readonly string[]) => happen(runs.client, runs, workflowIds),
    [Symbol.asyncDispose]: () => disposeAll([temporal, runs]),
  };
}

/** The last one first. */
async function disposeAll(stack: readonly AsyncDisposable[]): Promise<void> {
  for (const one of stack.toReversed()) await one[Symbol.asyncDispose]();
}
