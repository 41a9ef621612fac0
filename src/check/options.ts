import type { Place } from './wire/connection.ts';

/** What `check` is told about an endpoint. */
export interface CheckOptions {
  /** Where to POST; `{key}` in it stands for the key: `http://127.0.0.1:8081/orders/{key}/fee`. */
  readonly url: string;
  /** The header that takes the key, where the URL has no `{key}`; `Idempotency-Key` unless told. */
  readonly keyHeader?: string | undefined;
  /** Sends the key without the quotes of an RFC 9651 String. */
  readonly bareKey?: boolean | undefined;
  /** The body of a request that succeeds: a JSON object. `{"account_id":"alice","amount":10}` unless told. */
  readonly body?: string | undefined;
  /** The members of the body that hold the amount and the account; `amount` and `account_id` unless told. */
  readonly amountField?: string | undefined;
  readonly accountField?: string | undefined;
  /** Another account that exists; `bob` unless told. */
  readonly otherAccount?: string | undefined;
  /** Where an account can be read, `{account}` in its place, to count effects by its balance. */
  readonly accountPath?: string | undefined;
  /** The member that holds the balance; `balance` unless told. */
  readonly balanceField?: string | undefined;
  /** Or where the number of effects can be read: a number, as JSON or as text. */
  readonly countUrl?: string | undefined;
  /** Sent with each request: `Authorization: Bearer …`. */
  readonly headers?: readonly string[] | undefined;
  /** Sent instead of those of the same name by another tenant. */
  readonly tenantHeaders?: readonly string[] | undefined;
  /** A shell command that kills the server, starts it again on the same port, and ends. */
  readonly restartCommand?: string | undefined;
  /** How long the endpoint promises to keep keys, in seconds, where that is short enough to be waited for. */
  readonly retentionSeconds?: number | undefined;
  /** Sends headers so slowly that the server has to close, which may take a minute and a half. */
  readonly slow?: boolean | undefined;
  /** How many duplicates ask at one instant; 5, 50 and 500 unless told. */
  readonly duplicates?: readonly number[] | undefined;
  /** Looks at these rules alone: `['A05', 'A15']`. The first requests are made all the same. */
  readonly only?: readonly string[] | undefined;
  /** How long one request may take, in milliseconds; 10,000 unless told. */
  readonly timeoutMs?: number | undefined;
  /** After so long no further rule is begun, in milliseconds; 120,000 unless told. */
  readonly deadlineMs?: number | undefined;
  /** How long effects of requests that nobody waited for may take to land, in milliseconds; 500 unless told. */
  readonly settleMs?: number | undefined;
  /** Certificates (PEM) to trust beside those of the system. */
  readonly ca?: string | undefined;
  /** The endpoint is yours, although it is on another machine. */
  readonly iOwnThis?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears of each rule before it is looked at. */
  readonly onProgress?: ((event: { readonly text: string }) => void) | undefined;
}

/** The same, whole and checked. */
export interface Settings {
  readonly place: Place;
  /** Path and query, `{key}` still in it. */
  readonly path: string;
  readonly host: string;
  readonly key: { readonly in: 'path' } | { readonly in: 'header'; name: string; bare: boolean };
  /** Members and their JSON texts, which may be numbers that no JavaScript number can be. */
  readonly body: ReadonlyMap<string, string>;
  readonly amount: { readonly field: string; readonly value: number } | undefined;
  readonly account: { readonly field: string; readonly value: string } | undefined;
  readonly otherAccount: string;
  readonly effects: EffectSource | undefined;
  readonly headers: readonly Header[];
  readonly tenantHeaders: readonly Header[];
  readonly restartCommand: string | undefined;
  readonly retentionSeconds: number | undefined;
  readonly slow: boolean;
  readonly duplicates: readonly number[];
  readonly only: readonly string[] | undefined;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly settleMs: number;
  readonly signal: AbortSignal;
}

export type Header = readonly [name: string, value: string];

/** Where effects can be seen. */
export interface EffectSource {
  readonly by: 'balance' | 'count';
  readonly place: Place;
  readonly host: string;
  /** Path and query; `{account}` still in it. */
  readonly path: string;
  /** The member of the answer that holds the number. */
  readonly field?: string;
}
