import type { Config } from '#config';
import type { ProgressLine } from '#report';
import { SEARCH_ATTRIBUTES } from '#server';
import { type DevServer, startDevServer } from '#temporal/dev-server';
import { untilInterrupted } from './interrupt.ts';

interface WithDevServerOptions {
  readonly config: Config;
  readonly progress: ProgressLine;
}

/**
 * Starts a dev server, runs the task on it, and ends it, whatever happens. Ctrl-C ends it at once: nothing
 * of it is worth keeping.
 */
export async function withDevServer<T>(
  { config, progress }: WithDevServerOptions,
  task: (server: DevServer) => Promise<T>,
): Promise<T> {
  let server: DevServer | undefined;
  return await untilInterrupted(
    async (signal) => {
      server = await startDevServer({
        config,
        settings: 'brisk',
        searchAttributes: SEARCH_ATTRIBUTES,
        onProgress: ({ text }) => progress.show(text),
        signal,
      });
      await using running = server;
      return await Promise.race([task(running), rejection(signal, () => running.kill())]);
    },
    { graceMs: 1_500, atLast: () => server?.kill() },
  );
}

/** Never answers, and fails when the signal comes. */
function rejection(signal: AbortSignal, first: () => void): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onAbort = () => {
      first();
      reject(signal.reason);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
