import type { RuleRow } from './rule.ts';

/** What one client may know of another. */
export const SECURITY_RULES = [
  {
    id: 'A23',
    level: 'MUST',
    title: "same key from two tenants: two effects, no leak of the other tenant's answer",
    sources: ['IETF07', 'ADYEN'],
  },
] as const satisfies readonly RuleRow[];

/** What outlives a process and a day. */
export const DURABILITY_RULES = [
  {
    id: 'A24',
    level: 'MUST',
    title: 'replay after the server process is killed and restarted: same answer, no second effect',
    sources: ['AWS', 'STRIPE'],
  },
  {
    id: 'A25',
    level: 'MUST',
    title: 'replay at the end of the published retention window: same answer, no second effect',
    sources: ['IETF07', 'STRIPE', 'ADYEN'],
  },
] as const satisfies readonly RuleRow[];
