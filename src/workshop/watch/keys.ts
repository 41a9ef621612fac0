import { emitKeypressEvents, type Key } from 'node:readline';
import type { Readable } from 'node:stream';

/** Where keys come from: a terminal, or anything that can be read. */
export type Keyboard = Readable & {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
};

export interface Listening {
  readonly input: Keyboard;
  /** Hears of `h`, `space`, `left`, `?`, and of each key but those that end it. */
  readonly onKey: (name: string) => void;
  /** Ends it as Ctrl-C does. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Hears each key by itself until one of them ends it. The terminal is then given back as it was. Ctrl-C is a key meanwhile, and
 * no signal.
 *
 * @returns the exit code: 0 after `q`, Ctrl-D, or where nobody can press a key any more; 130 after Ctrl-C
 */
export async function untilQuit({ input, onKey, signal }: Listening): Promise<number> {
  let end: (exitCode: number) => void = () => {};
  const ended = new Promise<number>((resolve) => (end = resolve));
  const hear = (text: string | undefined, key: Key) => {
    const name = nameOf(text, key);
    if (name === 'ctrl-c') end(INTERRUPTED);
    else if (name === 'q' || name === 'ctrl-d') end(0);
    else if (name !== undefined) onKey(name);
  };
  const onClosed = () => end(0);
  const onAborted = () => end(INTERRUPTED);

  emitKeypressEvents(input);
  if (input.isTTY) input.setRawMode?.(true);
  input.on('keypress', hear).on('end', onClosed).on('close', onClosed).resume();
  signal?.addEventListener('abort', onAborted);
  if (signal?.aborted) onAborted();
  try {
    return await ended;
  } finally {
    signal?.removeEventListener('abort', onAborted);
    input.off('keypress', hear).off('end', onClosed).off('close', onClosed);
    if (input.isTTY && !input.destroyed) input.setRawMode?.(false);
    // A terminal that is read keeps the process alive.
    input.pause();
  }
}

const INTERRUPTED = 130;

/** `?` and its like have no name of their own. */
function nameOf(text: string | undefined, { ctrl, meta, name }: Key): string | undefined {
  const plain = name ?? text;
  if (plain === undefined || (meta && name !== 'escape')) return undefined;
  return ctrl ? `ctrl-${plain}` : plain;
}
