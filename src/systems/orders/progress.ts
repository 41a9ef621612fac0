import { type Progress } from '#temporal';
import { ownRun } from '#temporal/activity';

/** What adds up in the world: each has a key at the service that does it. */
export type OrderStep = 'charge' | 'refund' | 'shipment' | 'confirmation';

/** What this room reports to whoever runs it; the room itself writes nowhere. */
export type OrderProgress = Progress<OrderStep>;

export type OnOrderProgress = (progress: OrderProgress) => void;

/** For an activity: tells whether its own attempt has made the effect, or found it. */
export function reportEffect(
  step: OrderStep,
  outcome: 'first' | 'replay',
  onProgress: OnOrderProgress | undefined,
): void {
  onProgress?.({ event: 'key', step, outcome, ...ownRun() });
}
