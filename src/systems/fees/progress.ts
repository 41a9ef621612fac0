import type { Fee } from './fee.ts';

/** What a fee route reports to whoever runs it; the rooms themselves write nowhere. */
export type FeeProgress =
  | { readonly event: 'asked'; readonly fee: Fee }
  | {
      readonly event: 'answered';
      readonly fee: Fee;
      readonly status: number;
      readonly replayed: boolean;
    }
  /** Answered with 500: a fault of this program. */
  | { readonly event: 'broke'; readonly error: unknown };

export type OnFeeProgress = (progress: FeeProgress) => void;
