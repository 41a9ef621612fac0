import type { ExploreOptions } from '#testkit';

/** How a crash plan is explored: with which patience, and whether in full. */
export type CrashHow = Pick<ExploreOptions<unknown>, 'cellWithinMs' | 'sample'>;

/** A busy machine is slow, which is not stuck. */
export const PATIENT: CrashHow = { cellWithinMs: 60_000 };
