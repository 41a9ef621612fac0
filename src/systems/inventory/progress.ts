import type { KeyOutcome, OnKeyOutcome } from '#idempotency';
import type { StartOutcome } from '#temporal';

/** What this room reports to whoever runs it; the room itself writes nowhere. */
export type InventoryProgress =
  | {
      readonly event: 'run';
      readonly outcome: StartOutcome;
      readonly workflowId: string;
      readonly runId: string;
    }
  /** The ID has a run, and that run was asked for something else. */
  | { readonly event: 'refused'; readonly outcome: 'mismatch'; readonly workflowId: string }
  | KeyProgress
  /** Answered with 500 or more: a fault, or somebody who is away, of which the client was told little. */
  | { readonly event: 'broke'; readonly error: unknown };

/** What a try under a key came to. */
export interface KeyProgress {
  readonly event: 'key';
  readonly step: 'sale' | 'supplier-order' | 'delivery';
  readonly outcome: KeyOutcome;
  /** Whose step it is, and in which attempt, counted from 1. A delivery has none of these. */
  readonly workflowId?: string;
  readonly runId?: string;
  readonly attempt?: number;
}

export type OnInventoryProgress = (progress: InventoryProgress) => void;

/** For whatever asks a store: tells what came of it. */
export function reportKey(
  who: Omit<KeyProgress, 'event' | 'outcome'>,
  onProgress: OnInventoryProgress | undefined,
): OnKeyOutcome {
  return (outcome) => onProgress?.({ event: 'key', ...who, outcome });
}
