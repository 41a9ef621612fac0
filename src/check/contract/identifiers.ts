import type { RuleRow } from './rule.ts';

/** What a key may look like. */
export const IDENTIFIERS_RULES = [
  {
    id: 'C01',
    level: 'MUST',
    title: 'over-long keys (256, 1k, 8k, 20k): refused, no effect',
    sources: ['IETF07', 'STRIPE'],
    status: [400, 404, 413, 414, 422, 431, 0],
    prefer: [400, 414, 431],
  },
  {
    id: 'C02',
    level: 'MUST',
    title: 'unicode keys: one effect or refused, replay consistent, no 5xx',
    sources: ['IETF07'],
  },
  {
    id: 'C03',
    level: 'MUST',
    title: 'path traversal in the key: refused or opaque, never another resource, no 5xx',
    sources: ['IETF07'],
  },
  {
    id: 'C04',
    level: 'MUST',
    title: 'CRLF in the key: refused, no injected header in the answer',
    sources: ['IETF07'],
    status: [400, 404, 422, 0],
    prefer: [400],
  },
  {
    id: 'C05',
    level: 'MUST',
    title: 'NUL and other control bytes in the key: refused, no effect',
    sources: ['IETF07'],
    status: [400, 404, 422, 0],
    prefer: [400],
  },
  {
    id: 'C06',
    level: 'MUST',
    title: 'malformed percent-encoding: refused',
    sources: ['RFC9110'],
    status: [400, 404],
    prefer: [400],
  },
  {
    id: 'C07',
    level: 'MUST',
    title: 'SQL, shell and template metacharacters in the key: opaque or refused, no 5xx',
    sources: ['IETF07'],
  },
  {
    id: 'C08',
    level: 'MUST',
    title:
      'keys __proto__, constructor, toString, hasOwnProperty: one effect then replay, or refused as malformed (never "already used")',
    sources: ['IETF07'],
    status: [400, 404],
  },
] as const satisfies readonly RuleRow[];
