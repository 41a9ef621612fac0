import type { Config } from '#config';
import type { ProgressLine } from '#report';
import { SEARCH_ATTRIBUTES } from '#server';
import { type DevServer, startDevServer } from '#temporal/dev-server';
import { untilInterrupted } from './interrupt.ts';

interface WithDevServerOptions<Opened> {
  readonly config: Config;
  readonly progress: ProgressLine;
  /** Opens what the task needs beside the server; it is disposed of before the server is. */
  readonly open: (signal: AbortSignal) => Promise<Opened>;
}

/**
 * Starts a dev server, runs the task on it, and ends it, whatever happens. Ctrl-C ends it at once: nothing
 * of it is worth keeping.
 */
export async function withDevServer<T, Opened extends AsyncDisposable>(
  { config, progress, open }: WithDevServerOptions<Opened>,
  task: (server: DevServer, opened: Opened) => Promise<T>,
): Promise<T> {
  let server: DevServer | undefined;
  return await untilInterrupted(
    async (signal) => {
      server = await startDevServer({
        config,
        settings: 'brisk',
        searchAttributes: SEARCH_ATTRIBUTES,
        namespace: config.namespace,
        onProgress: ({ text }) => progress.show(text),
        signal,
      });
      await using running = server;
      signal.addEventListener('abort', () => running.kill(), { once: true });
      await using opened = await open(signal);
      return await Promise.race([task(running, opened), rejection(signal)]);
    },
    { graceMs: 1_500, atLast: () => server?.kill() },
  );
}

/** Never answers, and fails when the signal comes. */
export function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
