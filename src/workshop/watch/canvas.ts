import type { Writable } from 'node:stream';

/** The terminal, as one picture that is drawn again when it has changed. */
export interface Canvas {
  /** Nothing is written where this is what stands there. */
  show(text: string): void;
  /** The next picture is drawn, whatever stands there: the terminal was resized. */
  forget(): void;
  /** Leaves the last picture behind, with the cursor on a line of its own. */
  end(): void;
}

export function canvasOn(output: Writable & { readonly rows?: number }): Canvas {
  let shown: string | undefined;
  let begun = false;
  return {
    show(text) {
      if (text === shown) return;
      // What was on the screen before the first picture stays where one can scroll back to it.
      const before = begun ? '' : '\n'.repeat(Math.max(0, (output.rows ?? 1) - 1));
      begun = true;
      shown = text;
      output.write(`${before}${CLEAR}${text}`);
    },
    forget: () => void (shown = undefined),
    end: () => void (begun && output.write('\n')),
  };
}

/** From the top left corner to the end of the screen; what was scrolled away stays. */
const CLEAR = '\u001B[H\u001B[J';
