import type { SOURCES } from './sources.ts';

export type Level = 'MUST' | 'SHOULD' | 'MAY';

export type Group =
  | 'idempotency'
  | 'security'
  | 'durability'
  | 'validation'
  | 'identifiers'
  | 'protocol';

export type SourceId = keyof typeof SOURCES;

/** One rule, as its table has it. */
export interface RuleRow {
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  readonly sources: readonly SourceId[];
  /** The statuses of a refusal that the rule takes; 0 is a connection that was closed without an answer. */
  readonly status?: readonly number[];
  /** Those of them that say best what is wrong. */
  readonly prefer?: readonly number[];
}
