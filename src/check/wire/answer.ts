/** What came back on a connection. */
export interface Answer {
  /** 0 where no answer came. */
  readonly status: number;
  /** Names in lower case; the values of lines of one name are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Why no answer came. */
  readonly why?: 'closed' | 'timed out' | 'not HTTP' | 'no connection';
  /** What the system says of it: the certificate that is not trusted, for one. */
  readonly detail?: string | undefined;
}

export function noAnswer(why: NonNullable<Answer['why']>, detail?: string): Answer {
  return { status: 0, headers: {}, body: '', why, detail };
}

/** The bytes are not the beginning of an HTTP/1.1 answer. */
export class NotHttpError extends Error {
  override readonly name = 'NotHttpError';
}

interface TakeOptions {
  /** Nothing more will come. */
  readonly ended: boolean;
  /** The answer to HEAD has the headers of a body, and none. */
  readonly bodiless: boolean;
}

/**
 * Takes the first whole answer off what has come so far; undefined while it is not whole. Interim answers (1xx) are
 * passed over.
 *
 * Node parses answers too, but only to requests that its own client has written, one at a time on a connection.
 *
 * @throws {NotHttpError}
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-6.3
 */
export function takeAnswer(
  bytes: Buffer,
  options: TakeOptions,
): { readonly answer: Answer; readonly rest: Buffer } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) {
    if (!STATUS_LINE_BEGINS.test(bytes.toString('latin1', 0, 8))) throw new NotHttpError();
    return undefined;
  }
  const { status, headers } = headOf(bytes.toString('latin1', 0, end));
  const after = bytes.subarray(end + 4);
  if (status < 200 && status !== 101) return takeAnswer(after, options);

  const taken = bodyOf(after, status, headers, options);
  if (taken === undefined) return undefined;
  return { answer: { status, headers, body: taken.body.toString('utf8') }, rest: taken.rest };
}

const STATUS_LINE_BEGINS = /^(|H|HT|HTT|HTTP|HTTP\/|HTTP\/1|HTTP\/1\.|HTTP\/1\.[01])$/;

function headOf(text: string): Pick<Answer, 'status' | 'headers'> {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine)?.[1];
  if (status === undefined) throw new NotHttpError();

  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value);
  }
  return { status: Number(status), headers: Object.fromEntries(headers) };
}

interface Taken {
  readonly body: Buffer;
  readonly rest: Buffer;
}

function bodyOf(
  bytes: Buffer,
  status: number,
  headers: Answer['headers'],
  { ended, bodiless }: TakeOptions,
): Taken | undefined {
  if (bodiless || status === 204 || status === 304) return split(bytes, 0);
  if (/chunked/i.test(headers['transfer-encoding'] ?? '')) return chunks(bytes);
  const length = headers['content-length'];
  if (length === undefined) return ended ? split(bytes, bytes.length) : undefined;
  return bytes.length >= Number(length) ? split(bytes, Number(length)) : undefined;
}

function split(bytes: Buffer, at: number): Taken {
  return { body: bytes.subarray(0, at), rest: bytes.subarray(at) };
}

function chunks(bytes: Buffer): Taken | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size)) throw new NotHttpError();

    const from = lineEnd + 2;
    if (size === 0) return trailers(bytes, from, parts);
    if (bytes.length < from + size + 2) return undefined;
    parts.push(bytes.subarray(from, from + size));
    at = from + size + 2;
  }
}

/** Lines up to an empty one; nobody asks for them here. */
function trailers(bytes: Buffer, from: number, parts: readonly Buffer[]): Taken | undefined {
  const lineEnd = bytes.indexOf('\r\n', from);
  if (lineEnd < 0) return undefined;
  if (lineEnd > from) return trailers(bytes, lineEnd + 2, parts);
  return { body: Buffer.concat(parts), rest: bytes.subarray(from + 2) };
}
