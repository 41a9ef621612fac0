/** What one stream of a script has said: its beginning and its end, however much it was. */
export interface Capture {
  /** Takes the chunk: its memory is given back, so nobody can read it afterwards. */
  add(chunk: Buffer): void;
  text(): string;
}

/** A result of more than 4 MB cannot be delivered, and its activity would run again: this keeps far below. */
export const OUTPUT_LIMIT_BYTES = 64 * 1024;
const HALF = OUTPUT_LIMIT_BYTES / 2;
/** With the bytes after the cut, by which it is seen whether a character is cut. */
const HEAD_BYTES = HALF + 4;
const MOST_KEPT_BYTES = HEAD_BYTES + 2 * HALF;

/**
 * Keeps at most 64 KiB of UTF-8: the first half and the last, for the reason of a failure stands at the end. A line
 * between them says how many bytes are left out. Bytes that are not UTF-8 become U+FFFD, and so does NUL, which
 * PostgreSQL keeps in no text and in no JSON.
 */
export function captureOutput(): Capture {
  let kept = Buffer.alloc(0);
  let keptBytes = 0;
  let totalBytes = 0;

  /** @param piece at most half of the limit */
  const keep = (piece: Buffer) => {
    if (kept.length === 0) kept = Buffer.allocUnsafeSlow(MOST_KEPT_BYTES);
    if (keptBytes + piece.length > kept.length) {
      kept.copyWithin(HEAD_BYTES, keptBytes - HALF, keptBytes);
      keptBytes = HEAD_BYTES + HALF;
    }
    kept.set(piece, keptBytes);
    keptBytes += piece.length;
  };

  return {
    add(chunk) {
      totalBytes += chunk.length;
      for (let at = 0; at < chunk.length; at += HALF) keep(chunk.subarray(at, at + HALF));
      giveBack(chunk);
    },
    text() {
      const all = kept.subarray(0, keptBytes);
      if (keptBytes === totalBytes) {
        const whole = decode(all);
        if (Buffer.byteLength(whole) <= OUTPUT_LIMIT_BYTES) return whole;
      }
      const first = longest(keptBytes, (count) => startOf(all, count));
      const last = longest(keptBytes - first.bytes, (count) => endOf(all, count));
      const leftOut = totalBytes - first.bytes - last.bytes;
      return `${first.text}\n[… ${leftOut} bytes left out …]\n${last.text}`;
    },
  };
}

/**
 * Frees the memory of a chunk at once. The collector lets 32 MB of them come together before it begins, and twice as much
 * on a busy machine. What is sent is no longer the sender's, even where nobody receives it.
 *
 * @see https://html.spec.whatwg.org/multipage/web-messaging.html#dom-messageport-postmessage
 */
function giveBack({ buffer, length }: Buffer): void {
  // A smaller one may be a part of what it shares with others.
  if (buffer.byteLength === length) NOWHERE.postMessage(undefined, [buffer as ArrayBuffer]);
}

const { port1: NOWHERE } = new MessageChannel();
NOWHERE.close();

interface Piece {
  readonly text: string;
  /** Of the stream, not of the text: what is replaced grows. */
  readonly bytes: number;
}

/** The longest piece that is at most half of the limit as text; garbage is three times as long there. */
function longest(available: number, take: (count: number) => Piece): Piece {
  let [fits, tooLong] = [0, Math.min(available, HALF) + 1];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (Buffer.byteLength(take(middle).text) <= HALF) fits = middle;
    else tooLong = middle;
  }
  return take(fits);
}

/** Up to the last character that is whole. */
function startOf(kept: Buffer, count: number): Piece {
  let end = count;
  while (end > count - 4 && end > 0 && isContinuation(kept[end])) end -= 1;
  // Four in a row are no character: then it does not matter where the cut is.
  const bytes = isContinuation(kept[end]) ? count : end;
  return { text: decode(kept.subarray(0, bytes)), bytes };
}

/** From the first character that is whole. */
function endOf(kept: Buffer, count: number): Piece {
  let start = kept.length - count;
  while (start < kept.length - count + 3 && isContinuation(kept[start])) start += 1;
  return { text: decode(kept.subarray(start)), bytes: kept.length - start };
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}

function decode(bytes: Buffer): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).replaceAll('\0', '\uFFFD');
}
