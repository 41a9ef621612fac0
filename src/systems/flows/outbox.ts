import { requireStorable } from '#database/values';
import type { Effect } from '#idempotency';
import { requireStorableKey } from '#idempotency/rules';

/** What is to be sent to a person. */
export interface OutboxEntry {
  readonly kind: 'message' | 'notification';
  readonly to: string;
  readonly text: string;
  readonly flow: string;
  readonly step: string;
  readonly tenant?: string | undefined;
}

export interface Put {
  /** The outbox's name for the entry: the same for each repeat. */
  readonly id: string;
  readonly outcome: 'first' | 'replay';
}

/** One entry: the effect that we count here. */
export interface OutboxEffect extends Effect, OutboxEntry {
  readonly id: string;
}

/**
 * Where messages and notifications are written, for whoever sends them. The entry has its key in it, so key and effect
 * are one write.
 *
 * `createMemoryOutbox` and `createPostgresOutbox` keep this contract, and one test holds both to it.
 */
export interface Outbox {
  /**
   * Writes an entry down, once for each key.
   *
   * @param by who asks, for the ledger
   * @throws {IntentMismatchError} the key has another entry
   * @throws {UnstorableKeyError} a key that PostgreSQL could not keep
   * @throws {RangeError} a text that it could not keep
   */
  put(
    key: string,
    entry: OutboxEntry,
    by?: { readonly by: string; readonly attempt: number },
  ): Promise<Put>;
  /** Oldest first. */
  effects(): Promise<readonly OutboxEffect[]>;
}

/**
 * What every outbox does alike, so that no flow begins to fail when its outbox changes.
 *
 * @throws {UnstorableKeyError}
 * @throws {RangeError}
 */
export function requireStorableEntry(
  key: string,
  { to, text, flow, step, tenant = '' }: OutboxEntry,
): void {
  requireStorableKey(key);
  for (const one of [to, text, flow, step, tenant]) requireStorable(one);
}
