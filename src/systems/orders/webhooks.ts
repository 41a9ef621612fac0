import { type TellOptions, tellUntilTaken } from '#http';
import type { Booked } from './books.ts';
import type { ChargeEntry } from './service-books.ts';

/** What a gateway tells its merchant, as it crosses the boundary: body of `POST /webhooks/payments`. */
export interface PaymentEvent {
  /** The same each time that this is told. */
  readonly event_id: string;
  readonly type: 'charge.succeeded';
  /** The merchant's name for the charge. */
  readonly reference: string;
  /** The gateway's. */
  readonly charge_id: string;
}

/** Its `url` is the merchant's `POST /webhooks/payments`. */
export interface PaymentWebhooksOptions
  extends Pick<TellOptions, 'url' | 'timeoutMs' | 'headers' | 'backOff'> {
  /** How often each event is told once more after it was taken; 0 unless told. A gateway promises no less than once. */
  readonly duplicates?: number;
  /** Hears of each try that got no 2xx. */
  readonly onFault?: (fault: Error, event: PaymentEvent) => void;
}

/** What has been told. */
export interface ToldPayment {
  readonly event: PaymentEvent;
  /** How often it was told in this call, duplicates included. */
  readonly tries: number;
}

/** The gateway's outbox. */
export interface PaymentWebhooks {
  /**
   * Tells the merchant of a charge, until it answers with a 2xx or the signal ends it.
   *
   * At least once, perhaps late, perhaps before the answer to the request that made the charge.
   *
   * Trap: it is in memory. What was to be told when the process ended is not told; the merchant must not need it.
   *
   * @throws the signal's reason
   */
  tell(charge: Booked<ChargeEntry>, signal?: AbortSignal): Promise<ToldPayment>;
}

export function createPaymentWebhooks(options: PaymentWebhooksOptions): PaymentWebhooks {
  const { duplicates = 0, onFault, ...telling } = options;
  return {
    async tell(charge, signal) {
      const event = eventOf(charge);
      const heard = { ...telling, onFault: (fault: Error) => onFault?.(fault, event), signal };
      let tries = 0;
      for (let time = 0; time <= duplicates; time += 1) {
        tries += (await tellUntilTaken(event, heard)).tries;
      }
      return { event, tries };
    },
  };
}

function eventOf({ id, reference }: Booked<ChargeEntry>): PaymentEvent {
  return { event_id: `${id}-succeeded`, type: 'charge.succeeded', reference, charge_id: id };
}
