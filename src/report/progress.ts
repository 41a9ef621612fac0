/** Tells how far a command has come, where a person can see it and a pipe is not disturbed. */
export interface ProgressLine {
  /** What is going on now; replaces what was said before. */
  show(text: string): void;
  /** Leaves the last text behind, or nothing. */
  end(): void;
}

/**
 * On a terminal one line that changes; elsewhere a line for each change, a second apart at the least, so
 * that a log stays short.
 */
export function progressOn(stream: NodeJS.WriteStream): ProgressLine {
  if (stream.isTTY) {
    return {
      show: (text) => void stream.write(`\r\u001B[2K${text.slice(0, stream.columns - 1)}`),
      end: () => void stream.write('\r\u001B[2K'),
    };
  }

  let saidAtMs = Number.NEGATIVE_INFINITY;
  let unsaid: string | undefined;
  return {
    show(text) {
      unsaid = text;
      if (performance.now() - saidAtMs < 1000) return;
      saidAtMs = performance.now();
      stream.write(`${text}\n`);
      unsaid = undefined;
    },
    end() {
      if (unsaid !== undefined) stream.write(`${unsaid}\n`);
      unsaid = undefined;
    },
  };
}
