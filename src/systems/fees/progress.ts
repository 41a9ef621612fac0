import type { Response } from 'express';
import type { Fee } from './fee.ts';
import type { StartedFee } from './fees.ts';

/** What this room reports to whoever runs it; the room itself writes nowhere. */
export type FeeProgress =
  | { readonly event: 'asked'; readonly fee: Fee }
  | ({ readonly event: 'run'; readonly fee: Fee } & Pick<
      StartedFee,
      'outcome' | 'workflowId' | 'runId'
    >)
  | {
      readonly event: 'answered';
      readonly fee: Fee;
      readonly status: number;
      readonly replayed: boolean;
    }
  /** Answered with 500 or more: a fault, or somebody who is away, of which the client was told little. */
  | { readonly event: 'broke'; readonly error: unknown };

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
