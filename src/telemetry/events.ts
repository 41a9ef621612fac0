import type { KeyOutcome } from '#idempotency';
import type { StartOutcome } from '#temporal';

/** What a system reports through its `onProgress`, as far as it is counted and logged here. */
export type SystemEvent =
  | StartEvent
  | KeyEvent
  | FaultEvent
  | { readonly event: 'asked' | 'answered' };

/** A start that was refused has no run to name. */
export interface StartEvent {
  readonly event: 'run' | 'refused';
  readonly outcome: StartOutcome | 'mismatch';
  readonly workflowId: string;
  readonly runId?: string;
}

export interface KeyEvent {
  readonly event: 'key';
  /** The name of the effect, of which there are few: it becomes a label. */
  readonly step: string;
  readonly outcome: KeyOutcome;
  readonly workflowId?: string;
  readonly runId?: string;
  readonly attempt?: number;
}

export interface FaultEvent {
  readonly event: 'broke';
  readonly error: unknown;
}
