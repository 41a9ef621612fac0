// What Node's `response.write`, `end` and `writeHead` may be called with, made one shape.

/** @see https://nodejs.org/docs/latest-v20.x/api/http.html#responseenddata-encoding-callback */
export function bytesOf([chunk, encoding]: readonly unknown[]): Buffer {
  if (chunk === undefined || chunk === null || typeof chunk === 'function') return Buffer.alloc(0);
  // A copy: whoever writes a buffer may use it again, because to a socket it would have gone by now.
  if (chunk instanceof Uint8Array) return Buffer.from(chunk);
  if (typeof chunk !== 'string') throw new TypeError('An answer is made of strings and bytes');
  return Buffer.from(chunk, isEncoding(encoding) ? encoding : 'utf8');
}

export function callbackOf(parts: readonly unknown[]): () => void {
  const callback = parts.find((part) => typeof part === 'function');
  return () => void callback?.();
}

/** @returns the headers of `writeHead(status, message?, headers?)`: an object, pairs, or names and values in turn */
export function headersOfHead(rest: readonly unknown[]): [string, string | string[]][] {
  const headers = rest.find((part) => typeof part === 'object' && part !== null) ?? {};
  return pairsOf(headers)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [
      String(name),
      Array.isArray(value) ? value.map(String) : String(value),
    ]);
}

function pairsOf(headers: object): [unknown, unknown][] {
  if (!Array.isArray(headers)) return Object.entries(headers);
  if (Array.isArray(headers[0])) return headers.map(([name, value]) => [name, value]);
  return headers.flatMap((name, index) =>
    index % 2 === 0 ? [[name, headers[index + 1]] as [unknown, unknown]] : [],
  );
}

function isEncoding(encoding: unknown): encoding is BufferEncoding {
  return typeof encoding === 'string' && Buffer.isEncoding(encoding);
}
