import type { RuleRow } from './rule.ts';

/** What HTTP itself asks for. */
export const PROTOCOL_RULES = [
  {
    id: 'D01',
    level: 'MUST',
    title: 'GET, PUT, PATCH, DELETE on the write endpoint: 405, no effect',
    sources: ['RFC9110'],
    status: [405, 404],
    prefer: [405],
  },
  { id: 'D02', level: 'SHOULD', title: '405 carries Allow', sources: ['RFC9110'] },
  {
    id: 'D03',
    level: 'SHOULD',
    title: 'error bodies are problem+json with type, title, status equal to the code',
    sources: ['RFC9457', 'IETF07'],
  },
  {
    id: 'D04',
    level: 'MUST',
    title: 'no error body leaks a stack trace or a file path',
    sources: ['RFC9457'],
  },
  { id: 'D05', level: 'MUST', title: 'no request of this run drew a 5xx', sources: ['RFC9110'] },
  {
    id: 'D06',
    level: 'SHOULD',
    title: 'no X-Powered-By; Cache-Control: no-store on results',
    sources: ['RFC9110'],
  },
  {
    id: 'D07',
    level: 'MUST',
    title: 'slow body: served or 408, others served meanwhile, one effect after a retry',
    sources: ['RFC9110'],
  },
  {
    id: 'D08',
    level: 'SHOULD',
    title: 'slowloris headers are closed within the limit (only with --slow)',
    sources: ['RFC9110'],
  },
  {
    id: 'D09',
    level: 'MAY',
    title: 'status resource by key: 404 before, 200 after, GET and HEAD agree, no effect',
    sources: ['PAYPAL'],
  },
  {
    id: 'D10',
    level: 'SHOULD',
    title: '409 for an outstanding key carries Retry-After',
    sources: ['RFC9110'],
  },
  {
    id: 'D99',
    level: 'MUST',
    title: 'alive at the end: a fresh request succeeds with one effect',
    sources: [],
  },
] as const satisfies readonly RuleRow[];
