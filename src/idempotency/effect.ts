/**
 * One change that stays in the world: the unit that this project counts.
 *
 * A store notes an effect where it happens, so its ledger is the only evidence of how often something
 * was done; run IDs and histories are evidence of how often it was asked for.
 */
export interface Effect {
  /** The business's name for the intent, such as an order ID: two effects with one key are one too many. */
  readonly key: string;
  /** Who caused it, as far as the store was told: a request, a run, a worker. */
  readonly by: string;
  /** The attempt of the activity that caused it, counted from 1; absent outside an activity. */
  readonly attempt?: number;
  /** When it happened, in milliseconds since the epoch. For drawing, not for asserting. */
  readonly at: number;
}
