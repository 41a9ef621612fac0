import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as moment } from 'node:timers/promises';
import type { Request, RequestHandler } from 'express';
import { createMemoryIdempotencyStore, type IdempotencyStore, type Once } from '#idempotency';

/** Each makes one mistake that is made in earnest, in front of an endpoint that makes none. */
export const FLAWS = {
  forgetsKeys: () => withKey(() => randomUUID()),
  cutsKeys: () => withKey((key) => key.slice(0, 64)),
  foldsKeys: () => withKey((key) => key.toLowerCase()),
  takesThePathForTheKey: () => withKey((_key, { path }) => digest(path)),
  keepsWhatItRefused: () => keepingMalformed(),
  fallsOverWhenThreeAsk: () => faultOfThree(),
  showsItsStack: () => showingStack(),
  hangsUpOnOtherTypes: () => hangingUp(),
  takesPut: () => takingPut(),
} satisfies Record<string, () => RequestHandler>;

/** What is well-formed is rewritten; the endpoint behind it refuses the rest as ever. */
function withKey(keyOf: (key: string, request: Request) => string): RequestHandler {
  return (request, _response, next) => {
    const { 'idempotency-key': lines } = request.headersDistinct;
    const [, key] = /^ *"?([\w-]{1,255})"? *$/.exec(lines?.join() ?? '') ?? [];
    if (key !== undefined) {
      request.headersDistinct['idempotency-key'] = [keyOf(key, request)];
    }
    next();
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Between the look and the effect there is a moment, as a database takes it, in which all the others look. */
export function checkThenAct(): IdempotencyStore<undefined> {
  const kept = new Map<string, { readonly fingerprint: string; readonly once: unknown }>();
  return {
    ...createMemoryIdempotencyStore(),
    async once<T>(
      key: string,
      fingerprint: string,
      effect: (claim: { key: string; token: number; transaction: undefined }) => Promise<T>,
    ): Promise<Once<T>> {
      const known = kept.get(key);
      if (known !== undefined && known.fingerprint !== fingerprint) return { outcome: 'mismatch' };
      if (known !== undefined) return known.once as Once<T>;
      await moment(10);
      const value = await effect({ key, token: 1, transaction: undefined });
      kept.set(key, { fingerprint, once: { outcome: 'replay', ending: 'done', value } });
      return { outcome: 'first', ending: 'done', value };
    },
  };
}

function keepingMalformed(): RequestHandler {
  const kept = new Map<string, unknown>();
  return (request, response, next) => {
    const key = request.get('idempotency-key') ?? '';
    const problem = response.type('application/problem+json');
    const { send } = response;
    response.send = (body) => {
      if (response.statusCode === 400) kept.set(key, body);
      return send.call(response, body);
    };
    if (kept.has(key)) problem.status(400).send(kept.get(key));
    else next();
  };
}

/** As a database does, whose unique constraint nobody has thought of. */
function faultOfThree(): RequestHandler {
  const underWay = new Map<string, number>();
  return (request, response, next) => {
    const key = request.get('idempotency-key') ?? '';
    const others = underWay.get(key) ?? 0;
    underWay.set(key, others + 1);
    response.once('close', () => underWay.set(key, (underWay.get(key) ?? 1) - 1));
    if (others < 2) return next();
    const problem = { type: 'urn:problem:unexpected', title: 'Unexpected error', status: 500 };
    response.status(500).type('application/problem+json').send(JSON.stringify(problem));
  };
}

function showingStack(): RequestHandler {
  return (_request, response, next) => {
    const { send } = response;
    response.send = (body) => {
      if (response.statusCode !== 415) return send.call(response, body);
      const { stack } = new TypeError('No JSON');
      return send.call(response, JSON.stringify({ ...JSON.parse(String(body)), stack }));
    };
    next();
  };
}

function hangingUp(): RequestHandler {
  return (request, _response, next) => {
    if (request.method !== 'POST' || request.is('json')) next();
    else request.socket.destroy();
  };
}

function takingPut(): RequestHandler {
  return (request, _response, next) => {
    if (request.method === 'PUT') request.method = 'POST';
    next();
  };
}
