import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { badBody, tooLarge, unsupportedEncoding } from './body-problems.ts';

/**
 * The bytes of a request's body, inflated, never more than the limit.
 *
 * A body that is declared larger is refused before its first byte, and a body that grows larger at the byte
 * that is too many. What still comes is thrown away for a moment, because closing a socket with unread bytes
 * resets it and the client would not hear the refusal; then the connection is closed.
 *
 * @throws {Problem} 413, 415 for an encoding that is not known here, 400 for damaged or missing bytes
 */
export async function readBytes(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const bytes = await receive(request, limitBytes);
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return bytes;

  const decode = DECODERS.get(encoding);
  if (decode === undefined) throw unsupportedEncoding();
  return await inflated(() => decode(bytes, { maxOutputLength: limitBytes }), limitBytes);
}

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip)],
  ['x-gzip', promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip)],
  ['deflate', promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate)],
  ['br', promisify<Buffer, { maxOutputLength: number }, Buffer>(brotliDecompress)],
]);

/** How much of a refused body is thrown away, and for how long, before the connection is closed. */
const LINGER_BYTES = 1024 * 1024;
const LINGER_MS = 2_000;

function receive(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  // Without this, a body that another parser took would be waited for without end.
  if (request.readableEnded) throw new Error('The body was read before: mount jsonBody() first');

  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let receivedBytes = 0;
    let refused = false;
    const refuse = () => {
      if (!refused) discardRest(request);
      refused = true;
      reject(tooLarge(limitBytes));
    };
    const cutShort = () => reject(badBody('The body ended before its time'));

    request.on('data', (chunk: Buffer) => {
      receivedBytes += chunk.length;
      if (receivedBytes > limitBytes) refuse();
      if (!refused) chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', cutShort);
    request.on('close', cutShort);
    if (declaredBytes(request) > limitBytes) refuse();
  });
}

function declaredBytes(request: IncomingMessage): number {
  return Number(request.headers['content-length'] ?? 0);
}

function discardRest(request: IncomingMessage): void {
  const close = () => request.socket.destroy();
  const timer = setTimeout(close, LINGER_MS).unref();
  let discardedBytes = 0;
  request.on('data', (chunk: Buffer) => {
    discardedBytes += chunk.length;
    if (discardedBytes > LINGER_BYTES) close();
  });
  // Whoever has sent the rest may go on using the connection.
  request.once('end', () => clearTimeout(timer));
  request.once('close', () => clearTimeout(timer));
}

async function inflated(decode: () => Promise<Buffer>, limitBytes: number): Promise<Buffer> {
  try {
    return await decode();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limitBytes);
    throw badBody('The body is not what its Content-Encoding says', cause);
  }
}
