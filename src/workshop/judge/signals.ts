/**
 * Vitest ends the whole process on a signal, and would leave a server behind: who runs it in a process of one's own wants to
 * hear of the signal, and to end what there is.
 *
 * @returns takes away the listeners that were added since
 */
export function keepSignals(): () => void {
  const before = SIGNALS.map((signal) => new Set(process.listeners(signal)));
  return () => {
    for (const [index, signal] of SIGNALS.entries()) {
      for (const listener of process.listeners(signal)) {
        if (!before[index]?.has(listener)) process.off(signal, listener);
      }
    }
  };
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const satisfies readonly NodeJS.Signals[];
