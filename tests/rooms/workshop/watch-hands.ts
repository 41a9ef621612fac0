import type { Clock } from '#workshop/watch/clock';
import type { Stamp } from '#workshop/watch/folder';

/** A clock that goes on when it is told to. */
export function clockOfHand() {
  let nowMs = 0;
  let timers: { readonly atMs: number; readonly act: () => void }[] = [];
  const clock: Clock = {
    nowMs: () => nowMs,
    after(ms, act) {
      const timer = { atMs: nowMs + ms, act };
      timers.push(timer);
      return { [Symbol.dispose]: () => void (timers = timers.filter((one) => one !== timer)) };
    },
  };
  return {
    clock,
    waiting: () => timers.length,
    advance(ms: number) {
      const untilMs = nowMs + ms;
      for (;;) {
        const [next] = timers.toSorted((a, b) => a.atMs - b.atMs);
        if (!next || next.atMs > untilMs) break;
        timers = timers.filter((one) => one !== next);
        nowMs = next.atMs;
        next.act();
      }
      nowMs = untilMs;
    },
  };
}

/** Folders as the loop sees them: what was saved, and whether an event comes of it. */
export function filesOfHand() {
  const stamps = new Map<string, Stamp>();
  const listeners = new Map<string, () => void>();
  let saves = 0;
  const event = (folder: string) => listeners.get(folder)?.();
  return {
    stampOf: (folder: string): Stamp => stamps.get(folder) ?? { folder: 1, files: 'as it was' },
    listen(folder: string, onEvent: () => void): Disposable {
      listeners.set(folder, onEvent);
      return { [Symbol.dispose]: () => void listeners.delete(folder) };
    },
    listeners,
    event,
    saveUnheard: (folder: string) =>
      void stamps.set(folder, { folder: 1, files: `save ${++saves}` }),
    /** Another folder of the same name in its place. */
    replace: (folder: string) => void stamps.set(folder, { folder: 2, files: `save ${++saves}` }),
    save(folder: string) {
      this.saveUnheard(folder);
      event(folder);
    },
  };
}
