import { fetchJson, type JsonAnswer, keyOfReference, membersOf, readStatus } from '#http';
import { unscopedIn } from '#idempotency';
import { ServiceUnavailableError } from './errors.ts';

export interface ServiceClientOptions {
  /** Of the service, without the path of a collection. */
  readonly url: string;
  /** How long an answer may take, in milliseconds; less than an attempt of an activity may. */
  readonly timeoutMs: number;
  /** Whether the reference is sent as `Idempotency-Key`; without it a repeat is a second effect. */
  readonly sendKey?: boolean;
  /** Such as the credentials that the service has given us. */
  readonly headers?: Readonly<Record<string, string>>;
}

type Members = Readonly<Record<string, unknown>>;

/** What another company has said. */
export type Told =
  | { readonly is: 'done'; readonly body: Members; readonly outcome: 'first' | 'replay' }
  | { readonly is: 'refused'; readonly why: string };

/** Another company's service, over HTTP. One call is one request; whatever retries it gives the same reference. */
export interface ServiceClient {
  /** @throws {ServiceUnavailableError} whether it has acted is unknown */
  post(what: string, reference: string, body: Members): Promise<Told>;
  /** The entries under a reference. @throws {ServiceUnavailableError} */
  find(what: string, reference: string): Promise<readonly Members[]>;
  /** The same, and lets no other one be made under it. @throws {ServiceUnavailableError} */
  close(what: string, reference: string): Promise<readonly Members[]>;
}

export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  const { timeoutMs, sendKey = true, headers = {} } = options;
  const url = options.url.replace(/\/+$/, '');
  const ask = async (
    path: string,
    request: Pick<Parameters<typeof fetchJson>[1], 'method' | 'headers' | 'body'>,
  ) => {
    try {
      return await fetchJson(`${url}/${path}`, {
        ...request,
        headers: { ...headers, ...request.headers },
        timeoutMs,
      });
    } catch (cause) {
      throw unavailable(path, 'gave no answer', { cause });
    }
  };
  return {
    async post(what, reference, body) {
      const key = sendKey ? { 'Idempotency-Key': keyOfReference(reference) } : {};
      const answer = await ask(what, {
        method: 'POST',
        headers: key,
        body: { reference, ...body },
      });
      return toldBy(what, answer);
    },
    async find(what, reference) {
      const query = new URLSearchParams({ reference }).toString();
      const answer = await ask(`${what}?${query}`, { method: 'GET' });
      return entriesOf(what, answer);
    },
    async close(what, reference) {
      const answer = await ask(`${what}/close`, { method: 'POST', body: { reference } });
      return entriesOf(what, answer);
    },
  };
}

function toldBy(what: string, { status, body, headers }: JsonAnswer): Told {
  const members = membersOf(body);
  const verdict = readStatus(status);
  if (verdict === 'refused') {
    const { detail } = members;
    const why = typeof detail === 'string' ? unscopedIn(detail.slice(0, 500)) : `HTTP ${status}`;
    return { is: 'refused', why };
  }
  if (verdict === 'unknown') throw unavailable(what, `answered with HTTP ${status}`);
  const outcome = headers.get('Idempotent-Replayed') === 'true' ? 'replay' : 'first';
  return { is: 'done', body: members, outcome };
}

function entriesOf(what: string, { status, body }: JsonAnswer): readonly Members[] {
  const entries = readStatus(status) === 'success' ? membersOf(body)[what] : undefined;
  if (Array.isArray(entries)) return entries.map(membersOf);
  throw unavailable(what, `answered with HTTP ${status}, which is no list`);
}

/** @throws {ServiceUnavailableError} an answer without it tells nothing */
export function textOf(what: string, members: Members, name: string): string {
  const value = members[name];
  if (typeof value === 'string' && value !== '') return value;
  throw unavailable(what, `gave an answer without ${name}`);
}

/** @throws {ServiceUnavailableError} an answer without it tells nothing */
export function numberOf(what: string, members: Members, name: string): number {
  const value = members[name];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw unavailable(what, `gave an answer without ${name}`);
}

function unavailable(what: string, how: string, options?: ErrorOptions): ServiceUnavailableError {
  const [name] = what.split(/[/?]/, 1);
  return new ServiceUnavailableError(
    `The service for ${name} ${how}: whether it has acted is unknown, so ask again with the same reference`,
    options,
  );
}
