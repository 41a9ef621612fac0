import type { Response } from 'express';
import type { KeyOutcome, OnKeyOutcome } from '#idempotency';
import type { Fee } from './fee.ts';
import type { StartedFee } from './fees.ts';

/** What this room reports to whoever runs it; the room itself writes nowhere. */
export type FeeProgress =
  | { readonly event: 'asked'; readonly fee: Fee }
  | ({ readonly event: 'run'; readonly fee: Fee } & Pick<
      StartedFee,
      'outcome' | 'workflowId' | 'runId'
    >)
  /** The order has a run, and that run was asked for something else. */
  | {
      readonly event: 'refused';
      readonly fee: Fee;
      readonly outcome: 'mismatch';
      readonly workflowId: string;
    }
  | {
      readonly event: 'answered';
      readonly fee: Fee;
      readonly status: number;
      readonly replayed: boolean;
    }
  | KeyProgress
  /** Answered with 500 or more: a fault, or somebody who is away, of which the client was told little. */
  | { readonly event: 'broke'; readonly error: unknown };

/** What a try under a key came to. */
export interface KeyProgress {
  readonly event: 'key';
  /** The effect that the key guards; `http` where a client has brought a key of its own. */
  readonly step: string;
  readonly outcome: KeyOutcome;
  /** Whose step it is, and in which attempt, counted from 1. A request has none of these. */
  readonly workflowId?: string;
  readonly runId?: string;
  readonly attempt?: number;
}

export type OnFeeProgress = (progress: FeeProgress) => void;

/** Reports a request, and its answer once it has been handed to the network. */
export function reportRequest(fee: Fee, response: Response, onProgress?: OnFeeProgress): void {
  onProgress?.({ event: 'asked', fee });
  response.once('finish', () => {
    const replayed = response.get('Idempotent-Replayed') === 'true';
    onProgress?.({ event: 'answered', fee, status: response.statusCode, replayed });
  });
}

export function reportFault(onProgress?: OnFeeProgress): (error: unknown) => void {
  return (error) => onProgress?.({ event: 'broke', error });
}

/** For whatever asks a store: tells what came of it. */
export function reportKey(
  who: Omit<KeyProgress, 'event' | 'outcome'>,
  onProgress?: OnFeeProgress,
): OnKeyOutcome {
  return (outcome) => onProgress?.({ event: 'key', ...who, outcome });
}
