import type { Evidence } from '#testkit';
import type { ClaimMade } from './claim.ts';

/** What a test of an exercise leaves for whoever judges it. */
export interface Judged {
  readonly claims: readonly ClaimMade[];
  readonly evidence: Evidence;
}

/** Why a run would never have ended: what fails in it each time that it is tried. */
export interface Stuck {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}
