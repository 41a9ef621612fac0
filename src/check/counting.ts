import { setTimeout as wait } from 'node:timers/promises';
import type { EffectReader } from './effects.ts';
import type { Settings } from './options.ts';
import type { Exchange } from './probe.ts';

/** Effects, counted by what they leave behind. */
export interface Counting {
  /**
   * How many effects happened during a task; undefined where they cannot be seen.
   *
   * Trap: whoever else uses the account meanwhile is counted too.
   *
   * @param settle waits for effects of requests that nobody has waited for
   */
  during<T>(
    task: () => Promise<T>,
    options?: { readonly settle?: boolean; readonly by?: 'another tenant' },
  ): Promise<{ readonly value: T; readonly effects: number | undefined }>;
  /** Takes what the first request has done for one effect, so that one fault is not told by every rule. */
  calibrate(effects: number): void;
}

interface CountingDeps {
  readonly settings: Settings;
  readonly reader: EffectReader | undefined;
  readonly exchanges: readonly Exchange[];
}

export function createCounting({ settings, reader, exchanges }: CountingDeps): Counting {
  // Until the first effect has told, a fee is taken for what the body says, out of the account.
  let unit = reader?.by === 'balance' ? -(settings.amount?.value ?? 1) : 1;
  const inEffects = (moved: number) => Math.round((moved / unit) * 1e6) / 1e6 || 0;

  return {
    async during(task, { settle = false, by } = {}) {
      const of = by && { by };
      if (reader === undefined) return { value: await task(), effects: undefined };
      const asked = exchanges.length;
      const before = await reader.read(of);
      const value = await task();
      // 202 is a promise, and whoever has not answered may still do it: the effect is to come.
      const mayCome = exchanges.slice(asked).some(({ answer: { status, why } }) => {
        return status === 202 || why === 'timed out';
      });
      const after =
        settle || mayCome ? await settled(() => reader.read(of), settings) : await reader.read(of);
      return { value, effects: inEffects(after - before) };
    },
    calibrate(effects) {
      if (effects !== 0) unit *= effects;
    },
  };
}

/** Reads until two readings with a pause between them agree. */
async function settled(
  read: () => Promise<number>,
  { settleMs, signal }: Settings,
): Promise<number> {
  let last = await read();
  for (let readings = 1; readings < MOST_READINGS; readings += 1) {
    await wait(settleMs, undefined, { signal });
    const next = await read();
    if (next === last) return next;
    last = next;
  }
  return last;
}

const MOST_READINGS = 20;
