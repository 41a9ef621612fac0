import { readFileSync } from 'node:fs';
import type { PolicyCell } from './policies.ts';

/** The table as `npm run atlas` has written it: each cell was executed, on a dev server. */
export function readPolicies(): readonly PolicyCell[] {
  return JSON.parse(readFileSync(POLICIES, 'utf8')) as readonly PolicyCell[];
}

/** The parts that the atlas was executed on: other versions may do otherwise. */
export interface ExecutedOn {
  /** Version of the Temporal server. */
  readonly server: string;
  /** Version of its TypeScript SDK. */
  readonly sdk: string;
}

/** As `npm run atlas` has written it. */
export function readExecutedOn(): ExecutedOn {
  return JSON.parse(readFileSync(EXECUTED_ON, 'utf8')) as ExecutedOn;
}

/** Source and build are equally deep, so the way to the fixtures is the same from both. */
const POLICIES = new URL('../../fixtures/atlas/policies.json', import.meta.url);
const EXECUTED_ON = new URL('../../fixtures/atlas/executed-on.json', import.meta.url);
