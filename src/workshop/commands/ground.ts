import { loadConfig } from '#config';
import type { DevServer } from '#temporal/dev-server';
import { EXIT, WorkshopError } from '../errors.ts';
import type { Judge, JudgeOptions } from '../judge.ts';

/** What commands stand on: a judge and a Temporal server, each made when it is needed first. */
export interface Ground extends AsyncDisposable {
  /** The first who asks decides what it is like. */
  judge(settings?: JudgeSettings): Promise<Judge>;
  /** Ends every process of it at once. */
  kill(): void;
}

export type JudgeSettings = Pick<JudgeOptions, 'workers' | 'longestTestMs'>;

export interface GroundOptions {
  readonly root: string;
  readonly signal: AbortSignal;
  /** Told what takes long: a server that is downloaded or built. */
  readonly say: (line: string) => void;
}

export function createGround({ root, signal, say }: GroundOptions): Ground {
  let server: Promise<DevServer> | undefined;
  let judge: Promise<Judge> | undefined;
  let kill = () => {};

  const startServer = async () => {
    const started = await startedServer(say, signal);
    const before = kill;
    kill = () => {
      before();
      started.kill();
    };
    return started;
  };
  const startJudge = async (settings: JudgeSettings) => {
    // Loaded here, because commands that judge nothing need not wait for Vitest.
    const { createJudge } = await import('../judge.ts');
    const testServer = async () => {
      const { address } = await (server ??= startServer());
      return { address };
    };
    const made = await createJudge({ root, testServer, ...settings });
    const before = kill;
    kill = () => {
      before();
      made.kill();
    };
    return made;
  };

  return {
    judge: (settings = {}) => (judge ??= startJudge(settings)),
    kill: () => kill(),
    async [Symbol.asyncDispose]() {
      // Who failed to start has said so already, and is not there to be ended.
      await (await judge?.catch(() => undefined))?.[Symbol.asyncDispose]();
      await (await server?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}

/** @throws {WorkshopError} */
async function startedServer(say: (line: string) => void, signal: AbortSignal): Promise<DevServer> {
  try {
    const { startDevServer } = await import('#temporal/dev-server');
    return await startDevServer({
      config: loadConfig(),
      settings: 'brisk',
      onProgress: ({ text }) => say(text),
      signal,
    });
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    const mend = 'To see how to mend it: npm run workshop -- doctor';
    throw new WorkshopError(`${reason?.replace(/[.:]$/, '')}. ${mend}`, EXIT.environment, {
      cause,
    });
  }
}
