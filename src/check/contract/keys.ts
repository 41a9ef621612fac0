import type { RuleRow } from './rule.ts';

/** What counts as one key, and as none. */
export const KEYS_RULES = [
  {
    id: 'A08',
    level: 'MUST',
    title: 'missing key: refused, no effect',
    sources: ['IETF07'],
    status: [400, 404, 405],
    prefer: [400],
  },
  {
    id: 'A09',
    level: 'MUST',
    title: 'blank key: refused, no effect',
    sources: ['IETF07'],
    status: [400, 404, 422],
    prefer: [400],
  },
  {
    id: 'A11',
    level: 'MUST',
    title:
      'keys that differ only by case are different keys (or refused); never one effect with two successes',
    sources: ['IETF07'],
  },
  {
    id: 'A12',
    level: 'MUST',
    title: 'equivalent spellings of one key (percent-encoding, or quoted header) are one key',
    sources: ['RFC9110'],
  },
  {
    id: 'A19',
    level: 'MUST',
    title: 'two different Idempotency-Key header lines: refused (header style only)',
    sources: ['IETF07'],
    status: [400, 422],
  },
  {
    id: 'A21',
    level: 'MUST',
    title:
      'two keys that differ only in their last character (long common prefix) are two keys: two effects (no truncation)',
    sources: ['IETF07'],
  },
] as const satisfies readonly RuleRow[];
