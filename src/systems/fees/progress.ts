import type { Response } from 'express';
import type { FaultProgress, KeyProgress, StartProgress } from '#temporal';
import type { Fee } from './fee.ts';

/** What this room reports to whoever runs it; the room itself writes nowhere. */
export type FeeProgress =
  | { readonly event: 'asked'; readonly fee: Fee }
  | (StartProgress & { readonly fee: Fee })
  | {
      readonly event: 'answered';
      readonly fee: Fee;
      readonly status: number;
      readonly replayed: boolean;
    }
  /** Its step is `http` where a client has brought a key of its own. */
  | KeyProgress<'deduct-fee' | 'http'>
  | FaultProgress;

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
