import { readFileSync } from 'node:fs';
import type { PolicyCell } from './policies.ts';

/** The table as `npm run atlas` has written it: each cell was executed, on a dev server. */
export function readPolicies(): readonly PolicyCell[] {
  return JSON.parse(readFileSync(POLICIES, 'utf8')) as readonly PolicyCell[];
}

/** Source and build are equally deep, so the way to the fixtures is the same from both. */
const POLICIES = new URL('../../fixtures/atlas/policies.json', import.meta.url);
