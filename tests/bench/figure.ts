import { loadConfig } from '#config';
import { SEARCH_ATTRIBUTES } from '#server';
import { startDevServer } from '#temporal/dev-server';

export interface Figure {
  readonly what: string;
  readonly figure: string;
  readonly limit: string;
}

export async function openServer(settings: 'brisk' | 'default') {
  return await startDevServer({
    config: loadConfig(),
    settings,
    searchAttributes: SEARCH_ATTRIBUTES,
    onProgress: () => {},
  });
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export async function timed<T>(task: () => Promise<T>) {
  const started = performance.now();
  const value = await task();
  return { value, tookMs: performance.now() - started };
}
