import type { Evidence } from '#testkit';
import type { ClaimMade } from './claim.ts';

/** What a test of an exercise leaves for whoever judges it. */
export interface Judged {
  readonly claims: readonly ClaimMade[];
  readonly evidence: Evidence;
}

/** Why a run would never have ended, which is what fails in it each time that it is tried; or what a handler has thrown. */
export interface Stuck {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}
