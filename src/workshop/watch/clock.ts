/** The time, as the loop knows it. */
export interface Clock {
  nowMs(): number;
  /** Acts once, later; not at all where it was disposed of before. */
  after(ms: number, act: () => void): Disposable;
}

export const realClock: Clock = {
  nowMs: () => performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
