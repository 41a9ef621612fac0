import type { RuleRow } from './rule.ts';

/** What one key does. */
export const EFFECTS_RULES = [
  {
    id: 'A01',
    level: 'MUST',
    title: 'first request succeeds with exactly one effect',
    sources: ['IETF07', 'STRIPE'],
  },
  {
    id: 'A02',
    level: 'MUST',
    title: 'replay after success: same status, same body, no second effect',
    sources: ['IETF07', 'STRIPE', 'ADYEN', 'AWS'],
  },
  {
    id: 'A03',
    level: 'SHOULD',
    title: 'a replay is marked by a header; the first answer is not',
    sources: ['STRIPE', 'PPRO'],
  },
  { id: 'A04', level: 'MUST', title: 'twenty sequential replays: one effect', sources: ['IETF07'] },
  {
    id: 'A05',
    level: 'MUST',
    title:
      'N concurrent duplicates (last-byte barrier): one effect; every answer is the one result, or 409 by policy',
    sources: ['IETF07', 'STRIPE', 'PPRO', 'PAYPAL'],
  },
  {
    id: 'A06',
    level: 'MUST',
    title: 'same key, different amount: refused, no effect; the original still replays',
    sources: ['IETF07', 'STRIPE', 'SQUARE', 'AWS', 'TIGERBEETLE'],
    status: [422, 409],
    prefer: [422],
  },
  {
    id: 'A07',
    level: 'MUST',
    title: 'same key, different account: refused, no effect',
    sources: ['IETF07', 'TIGERBEETLE'],
    status: [422, 409],
    prefer: [422],
  },
  {
    id: 'A10',
    level: 'MUST',
    title: 'two keys, same payload: two effects (no over-deduplication)',
    sources: ['AWS'],
  },
  {
    id: 'A13',
    level: 'MUST',
    title:
      'same payload with other key order and whitespace: replay (or 422), never a second effect',
    sources: ['IETF07', 'STRIPE'],
  },
  {
    id: 'A14',
    level: 'MUST',
    title: 'a request that failed validation does not burn the key',
    sources: ['STRIPE', 'PPRO'],
  },
  {
    id: 'A15',
    level: 'MUST',
    title: 'client disconnects before the response, then retries: one effect',
    sources: ['IETF07', 'TIGERBEETLE'],
  },
  {
    id: 'A16',
    level: 'MUST',
    title: 'client disconnects halfway through the body, then retries: one effect',
    sources: ['IETF07'],
  },
  {
    id: 'A17',
    level: 'MUST',
    title: 'impatient client: short timeouts and retries until success: one effect',
    sources: ['AWS'],
  },
  {
    id: 'A18',
    level: 'MUST',
    title: 'two duplicates pipelined on one connection: one effect',
    sources: ['RFC9112'],
  },
  {
    id: 'A20',
    level: 'SHOULD',
    title: 'same key and different payload racing: exactly one payload applied',
    sources: ['AWS'],
  },
  {
    id: 'A22',
    level: 'MUST',
    title: 'a business refusal (insufficient funds) is stable under replay and moves nothing',
    sources: ['TIGERBEETLE', 'STRIPE'],
    status: [402, 409, 422, 400],
    prefer: [422],
  },
] as const satisfies readonly RuleRow[];
