import {
  fetchJson,
  type JsonAnswer,
  keyOfReference,
  membersOf,
  problemType,
  readStatus,
} from '#http';
import { IntentMismatchError, unscoped, unscopedIn } from '#idempotency';
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
  | { readonly is: 'refused'; readonly status: number; readonly why: string };

/** Another company's service, over HTTP. One call is one request; whatever retries it gives the same reference. */
export interface ServiceClient {
  /**
   * Trap: a refusal is of this request. Where an earlier one got no answer, that one may have been acted on.
   *
   * @throws {ServiceUnavailableError} whether it has acted is unknown
   * @throws {IntentMismatchError} it was asked for something else under this reference, and may have acted on that
   */
  post(what: string, reference: string, body: Members): Promise<Told>;
  /** The entries under a reference, and no others. @throws {ServiceUnavailableError} */
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
      return toldBy(what, reference, answer);
    },
    async find(what, reference) {
      const query = new URLSearchParams({ reference }).toString();
      const answer = await ask(`${what}?${query}`, { method: 'GET' });
      return entriesOf(what, reference, answer);
    },
    async close(what, reference) {
      const answer = await ask(`${what}/close`, { method: 'POST', body: { reference } });
      return entriesOf(what, reference, answer);
    },
  };
}

function toldBy(what: string, reference: string, { status, body, headers }: JsonAnswer): Told {
  const members = membersOf(body);
  const verdict = readStatus(status);
  if (verdict === 'refused') {
    const { detail, type } = members;
    if (type === OTHER_CONTENT) throw new IntentMismatchError(unscoped(reference), 'input');
    const why = typeof detail === 'string' ? unscopedIn(detail).slice(0, 500) : `HTTP ${status}`;
    return { is: 'refused', status, why };
  }
  if (verdict === 'unknown') throw unavailable(what, `answered with HTTP ${status}`);
  // What stands under another reference is no answer to this.
  if (members.reference !== reference) throw unavailable(what, 'told of another reference');
  const outcome = headers.get('Idempotent-Replayed') === 'true' ? 'replay' : 'first';
  return { is: 'done', body: members, outcome };
}

const OTHER_CONTENT = problemType('intent-mismatch');

function entriesOf(what: string, reference: string, answer: JsonAnswer): readonly Members[] {
  const { status, body } = answer;
  const listed = readStatus(status) === 'success' ? membersOf(body)[what] : undefined;
  const entries = Array.isArray(listed) ? listed.map(membersOf) : undefined;
  // Somebody else's charge, taken for ours, would be given back to us.
  if (entries?.every((entry) => entry.reference === reference)) return entries;
  throw unavailable(what, `answered with HTTP ${status}, which is no list of what was asked for`);
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
