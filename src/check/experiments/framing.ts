import { gzipSync } from 'node:zlib';
import { type Finding, judge, told } from '../findings.ts';
import type { Probe } from '../probe.ts';
import { type Asked, bodyText } from '../request.ts';
import { type Answer, noAnswer } from '../wire/answer.ts';
import type { Connection } from '../wire/connection.ts';
import type { Experiment } from './experiment.ts';
import { refusals, refusing } from './refusals.ts';

/** Bodies that are too large, or whose end is a matter of opinion. */
export const FRAMING: readonly Experiment[] = [
  { rules: ['B14', 'B18'], run: oversizedDeclared },
  { rules: ['B15'], run: async (probe) => ({ B15: await oversizedChunked(probe) }) },
  {
    rules: ['B16'],
    run: async (probe) => ({ B16: await refusals(probe, 'B16', encodings(probe)) }),
  },
  { rules: ['B17'], run: async (probe) => ({ B17: await twoLengths(probe) }) },
];

/** More than servers take without being told to. */
const OVERSIZE_BYTES = 10 * 1024 * 1024;
/** How long a server may think before it says that it will not take so much. */
const AT_ONCE_MS = 1_500;

/** The first kilobyte, then a pause in which a careful server answers; only then the rest. */
async function oversizedDeclared(probe: Probe) {
  let early = noAnswer('no connection');
  const B14 = await refusing(probe, 'B14', async () => {
    using connection = await probe.connect();
    const asked: Asked = { key: probe.newKey(), body: padded(probe, OVERSIZE_BYTES) };
    const { head, body } = probe.bytes(asked);
    await connection.send(Buffer.concat([head, body.subarray(0, 1024)]));
    early = await connection.answer({ withinMs: AT_ONCE_MS });
    if (early.why !== 'timed out') return [['10 MiB', probe.note(early)]];
    void connection.send(body.subarray(1024));
    return [['10 MiB', probe.note(await connection.answer())]];
  });
  return { B14, B18: refusedAtOnce(early) };
}

function refusedAtOnce(early: Answer): Finding {
  const late = 'it waits for the body, although its length is too much';
  const other = early.why === 'timed out' ? late : `before the body it was answered ${told(early)}`;
  return judge({ seen: '413 before the body', flaws: [early.status !== 413 && other] });
}

function padded(probe: Probe, bytes: number): string {
  return bodyText(probe.settings, { note: `"${'x'.repeat(bytes)}"` });
}

async function oversizedChunked(probe: Probe): Promise<Finding> {
  return await refusing(probe, 'B15', async () => {
    using connection = await probe.connect();
    const { head } = probe.bytes({ key: probe.newKey(), headers: [['Content-Length', '0']] });
    const start = padded(probe, 0).slice(0, -2);
    await connection.send(chunked(head));
    await connection.send(chunk(start));
    const answer = connection.answer();
    await flood(connection, answer);
    return [['10 MiB in chunks', probe.note(await answer)]];
  });
}

/** Sends until there is an answer, or there was enough. */
async function flood(connection: Connection, answer: Promise<unknown>): Promise<void> {
  const state = { answered: false };
  void answer.then(() => (state.answered = true));
  const piece = chunk('x'.repeat(256 * 1024));
  for (let sent = 0; sent < OVERSIZE_BYTES && !state.answered; sent += piece.length) {
    await Promise.race([connection.send(piece), answer]);
  }
  if (!state.answered) void connection.send(`${chunk('"}')}0\r\n\r\n`);
}

function chunked(head: Buffer): string {
  return head.toString().replace(/^Content-Length: .*$/im, 'Transfer-Encoding: chunked');
}

function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

function encodings(probe: Probe): Record<string, Asked> {
  const bomb = gzipSync(padded(probe, OVERSIZE_BYTES), { level: 1 });
  return {
    'a gzip of 10 MiB': { body: bomb, headers: [['Content-Encoding', 'gzip']] },
    'an unknown encoding': { headers: [['Content-Encoding', 'press-twice']] },
  };
}

/** Whoever believes the one length reads another request than who believes the other. */
async function twoLengths(probe: Probe): Promise<Finding> {
  return await refusing(probe, 'B17', async () => {
    using connection = await probe.connect();
    const { head, body } = probe.bytes({
      key: probe.newKey(),
      headers: [['Transfer-Encoding', 'chunked']],
    });
    await connection.send(`${head.toString()}${chunk(body.toString('latin1'))}0\r\n\r\n`);
    return [['a body with two lengths', probe.note(await connection.answer())]];
  });
}
