import { EFFECTS_RULES } from './effects.ts';
import { IDENTIFIERS_RULES } from './identifiers.ts';
import { KEYS_RULES } from './keys.ts';
import { PROTOCOL_RULES } from './protocol.ts';
import type { Group, RuleRow } from './rule.ts';
import { DURABILITY_RULES, SECURITY_RULES } from './trust.ts';
import { VALIDATION_RULES } from './validation.ts';

export type { Group, Level, RuleRow, SourceId } from './rule.ts';
export { SOURCES } from './sources.ts';

const ROWS = [
  ...inGroup('idempotency', EFFECTS_RULES),
  ...inGroup('idempotency', KEYS_RULES),
  ...inGroup('security', SECURITY_RULES),
  ...inGroup('durability', DURABILITY_RULES),
  ...inGroup('validation', VALIDATION_RULES),
  ...inGroup('identifiers', IDENTIFIERS_RULES),
  ...inGroup('protocol', PROTOCOL_RULES),
];

export type RuleId = (typeof ROWS)[number]['id'];

/** A rule of the contract: what an endpoint must, should or may do, and who says so. */
export interface Rule extends RuleRow {
  readonly id: RuleId;
  readonly group: Group;
}

/** Every rule, in the order of their IDs. */
export const RULES: readonly Rule[] = ROWS.toSorted((one, other) => (one.id < other.id ? -1 : 1));

export function ruleOf(id: RuleId): Rule {
  const rule = RULES.find((row) => row.id === id);
  if (rule === undefined) throw new RangeError(`No rule ${id}`);
  return rule;
}

function inGroup<Row extends RuleRow>(group: Group, rows: readonly Row[]) {
  return rows.map((row) => ({ ...row, group }));
}
