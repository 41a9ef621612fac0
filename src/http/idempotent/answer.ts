import type { OutgoingHttpHeaders } from 'node:http';
import type { Response } from 'express';
import { z } from 'zod';
import { type Captured, sendBody } from './capture.ts';

/**
 * An answer as the store keeps it: what a replay is made of. A reconciler that settles a stuck key of the HTTP edge
 * writes one by hand: `{ status: 200, headers: { 'content-type': 'application/json' }, body: '{}', encoding: 'utf8' }`.
 */
export type StoredAnswer = z.infer<typeof STORED_ANSWER>;

const STORED_ANSWER = z.object({
  status: z.number().int().min(100).max(999),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
  body: z.string(),
  encoding: z.enum(['utf8', 'base64']),
});

/** Of one connection, one moment or one client, never of the answer; cookies belong to whom they were given. */
const NOT_STORED = new Set([
  'connection',
  'content-length',
  'date',
  'idempotent-replayed',
  'keep-alive',
  'proxy-authenticate',
  'ratelimit',
  'ratelimit-policy',
  'set-cookie',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What a later request gets: status, body, and the headers that the handler has set. */
export function toStored({ status, headers, headersBefore, body }: Captured): StoredAnswer {
  const text = body.toString('utf8');
  // NUL is UTF-8, and some databases keep no text that has it.
  const isText = Buffer.from(text, 'utf8').equals(body) && !text.includes('\0');
  return {
    status,
    headers: headersOfHandler(headers, headersBefore),
    body: isText ? text : body.toString('base64'),
    encoding: isText ? 'utf8' : 'base64',
  };
}

/**
 * Sends the first answer again, marked `Idempotent-Replayed: true`.
 *
 * @throws {z.ZodError} for what is no `StoredAnswer`: somebody else writes under these keys
 */
export function replay(response: Response, value: unknown): void {
  const { status, headers, body, encoding } = STORED_ANSWER.parse(value);
  response.status(status).set('Idempotent-Replayed', 'true');
  for (const [name, header] of Object.entries(headers)) response.setHeader(name, header);
  sendBody(response, Buffer.from(body, encoding));
}

function headersOfHandler(
  headers: OutgoingHttpHeaders,
  before: OutgoingHttpHeaders,
): StoredAnswer['headers'] {
  const own: [string, string | number | string[]][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || NOT_STORED.has(name)) continue;
    if (JSON.stringify(value) !== JSON.stringify(before[name])) own.push([name, value]);
  }
  return Object.fromEntries(own);
}
