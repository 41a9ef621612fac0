import { connect, type Socket } from 'node:net';
import type { Barrier } from '#testkit';

/**
 * Sends the bytes on `n` connections but for the last one, and that one on all of them when the others are out: the
 * closest that clients can come to asking at one instant.
 */
export async function lastByteBarrier(url: string, n: number, bytes: string): Promise<string[]> {
  const sockets = await Promise.all(Array.from({ length: n }, () => open(url)));
  await Promise.all(sockets.map((socket) => written(socket, bytes.slice(0, -1))));
  const answers = sockets.map((socket) => textOf(socket, 1));
  for (const socket of sockets) socket.write(bytes.slice(-1));
  return await Promise.all(answers);
}

/** Sends requests one behind the other on one connection, without waiting for an answer. */
export async function pipelined(url: string, requests: readonly string[]): Promise<string> {
  const socket = await open(url);
  socket.write(requests.join(''));
  return await textOf(socket, requests.length);
}

/** A request that stops before its end until the barrier opens. */
export async function slowly(url: string, early: string, late: string, barrier: Barrier) {
  const socket = await open(url);
  await written(socket, early);
  const answer = textOf(socket, 1);
  void barrier.opened.then(() => socket.write(late));
  return { answer };
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return socket;
}

async function written(socket: Socket, text: string): Promise<void> {
  await new Promise<void>((resolve) => socket.write(text, () => resolve()));
}

/** What comes until so many answers with a length are whole; then the connection is closed. */
async function textOf(socket: Socket, answers: number): Promise<string> {
  const text = await new Promise<string>((resolve) => {
    let came = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      came += String(chunk);
      if (wholeAnswers(came) >= answers) resolve(came);
    });
    socket.on('error', () => resolve(came));
    socket.on('close', () => resolve(came));
  });
  socket.destroy();
  return text;
}

function wholeAnswers(text: string): number {
  let rest = text;
  for (let answers = 0; ; answers += 1) {
    const end = rest.indexOf('\r\n\r\n');
    const length = /^content-length: (\d+)$/im.exec(rest.slice(0, Math.max(0, end)))?.[1];
    const next = end + 4 + Number(length);
    if (end < 0 || length === undefined || rest.length < next) return answers;
    rest = rest.slice(next);
  }
}
