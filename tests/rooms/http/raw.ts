import { connect } from 'node:net';

/**
 * Sends bytes as they are, which no HTTP client would, and gives back the first whole answer; an empty text
 * where the connection was closed without one. The request's side stays open meanwhile.
 */
export async function exchange(url: string, ...parts: (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    for (const part of parts) socket.write(part);
    return await firstAnswer(socket);
  } finally {
    socket.destroy();
  }
}

/** Sends bytes and is gone: what a client that dies half-way through its request looks like. */
export async function sendAndGo(url: string, bytes: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  socket.destroy();
}

/** Sends the chunk again and again until the server closes the connection. */
export async function flood(url: string, requestHead: string, chunk: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  await new Promise<void>((resolve) => {
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.on('drain', more);
    socket.resume().write(requestHead);
    more();
  });
}

/** The head of a request; the body, if there is one, is the caller's. */
export function head(method: string, path: string, headers: Record<string, string>): string {
  const lines = Object.entries({ Host: 'localhost', ...headers });
  return [`${method} ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`)]
    .join('\r\n')
    .concat('\r\n\r\n');
}

async function firstAnswer(socket: ReturnType<typeof connect>): Promise<string> {
  return await new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      text += String(chunk);
      if (isWhole(text)) resolve(text);
    });
    // A reset after the answer is the server's way of not reading on.
    socket.on('error', () => resolve(text));
    socket.on('close', () => resolve(text));
  });
}

function isWhole(text: string): boolean {
  const [answerHead, body] = text.split('\r\n\r\n', 2);
  const length = /^content-length: (\d+)$/im.exec(answerHead ?? '')?.[1];
  return body !== undefined && length !== undefined && Buffer.byteLength(body) >= Number(length);
}
