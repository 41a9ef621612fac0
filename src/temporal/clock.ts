/**
 * How far a moment of another clock lies outside of the time in which, by ours, it must have been: what the clocks
 * differ by at least, in milliseconds.
 */
export function outside(at: number, from: number, to: number): number {
  if (at < from) return at - from;
  return Math.max(0, at - to);
}
