import { performance } from 'node:perf_hooks';

/** What is being done to get a CLI; at least one a second while something is done. */
export interface CliProgress {
  readonly type: 'cli';
  readonly step: 'wait' | 'download' | 'build';
  readonly text: string;
  /** Since this step began. */
  readonly elapsedMs: number;
}

export interface Narrator {
  /** Tells what is done now, at once and then again and again, until it is done. */
  during<T>(step: CliProgress['step'], text: () => string, task: () => Promise<T>): Promise<T>;
}

/** @param everyMs how long it may be silent */
export function createNarrator(
  onProgress: (event: CliProgress) => void,
  everyMs: number,
): Narrator {
  return {
    async during(step, text, task) {
      const startedAt = performance.now();
      const tell = () =>
        onProgress({
          type: 'cli',
          step,
          text: text(),
          elapsedMs: Math.round(performance.now() - startedAt),
        });

      tell();
      const timer = setInterval(tell, everyMs);
      try {
        return await task();
      } finally {
        clearInterval(timer);
      }
    },
  };
}
