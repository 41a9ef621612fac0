/** The same seed gives the same order, on every machine. */
export function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const random = mulberry32(seed);
  return items
    .map((item) => ({ item, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/**
 * Does all of it, so many of each lane at once. After a failure nothing more is begun, and what has begun is told to
 * stop and waited for.
 *
 * @throws the first failure
 */
export async function allOf<T, R>(
  lanes: readonly (readonly T[])[],
  { atOnce, stopping }: { readonly atOnce: number; readonly stopping: AbortController },
  act: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const answers: R[] = [];
  const failures: unknown[] = [];
  async function work(waiting: T[]) {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      if (failures.length > 0) return;
      try {
        answers.push(await act(item));
      } catch (error) {
        failures.push(error);
        stopping.abort();
      }
    }
  }
  await Promise.all(
    lanes.flatMap((lane) => {
      const waiting = [...lane];
      return Array.from({ length: atOnce }, () => work(waiting));
    }),
  );
  if (failures.length > 0) throw failures[0];
  return answers;
}

/** @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
