import {
  FulfilmentRefusedError,
  PaymentDeclinedError,
  RefundRefusedError,
  ServiceUnavailableError,
} from './errors.ts';
import type { Fulfilment, Shipment } from './fulfilment.ts';
import type { Charge, PaymentGateway, Refund } from './gateway.ts';
import type { Mail } from './mail.ts';
import {
  createServiceClient,
  numberOf,
  type ServiceClientOptions,
  textOf,
} from './service-client.ts';

type Members = Readonly<Record<string, unknown>>;
type Outcome = 'first' | 'replay';

/** The other companies that an order needs. */
export interface OrderServices {
  readonly gateway: PaymentGateway;
  readonly fulfilment: Fulfilment;
  readonly mail: Mail;
}

/** All three of them, where they are at one address. */
export function createServiceClients(address: ServiceClientOptions): OrderServices {
  return {
    gateway: createGatewayClient(address),
    fulfilment: createFulfilmentClient(address),
    mail: createMailClient(address),
  };
}

/** The payment gateway, over HTTP. */
export function createGatewayClient(options: ServiceClientOptions): PaymentGateway {
  const service = createServiceClient(options);
  return {
    async charge({ reference, customerId, amountCents, currency }) {
      const body = { customer_id: customerId, amount_cents: amountCents, currency };
      const told = await service.post('charges', reference, body);
      if (told.is === 'refused') throw notCharged(told.status, told.why);
      const charge = chargeOf(told.body, told.outcome);
      // A charge of something else is no answer to this.
      if (charge.amountCents === amountCents && charge.currency === currency) return charge;
      throw new ServiceUnavailableError(
        'The gateway answered with another charge than was asked for',
      );
    },
    async find(reference) {
      const found = await service.find('charges', reference);
      return found.map((members) => chargeOf(members, 'replay'));
    },
    async close(reference) {
      const found = await service.close('charges', reference);
      return found.map((members) => chargeOf(members, 'replay'));
    },
    async refund({ reference, chargeId, amountCents }) {
      const body = { charge_id: chargeId, amount_cents: amountCents };
      const told = await service.post('refunds', reference, body);
      if (told.is === 'refused') {
        throw new RefundRefusedError(`The refund was refused: ${told.why}`);
      }
      const refund = refundOf(told.body, told.outcome);
      if (refund.chargeId === chargeId && refund.amountCents === amountCents) return refund;
      throw new ServiceUnavailableError(
        'The gateway answered with another refund than was asked for',
      );
    },
  };
}

/**
 * Nothing but 402 is a no to the charge. Any other 4xx is a no to this request, and an earlier one, whose answer was lost,
 * may have charged: to take it for a decline would be to keep that money.
 */
function notCharged(status: number, why: string): PaymentDeclinedError | ServiceUnavailableError {
  if (status === 402) return new PaymentDeclinedError(`The payment was declined: ${why}`);
  return new ServiceUnavailableError(
    `The gateway answered with HTTP ${status}, which is no decline (${why}): whether there is a charge is to be asked`,
  );
}

/** The fulfilment, over HTTP. */
export function createFulfilmentClient(options: ServiceClientOptions): Fulfilment {
  const service = createServiceClient(options);
  return {
    async ship({ reference, orderId, items, address }) {
      const parcel = items.map(({ sku, quantity }) => ({ sku, quantity }));
      const body = { order_id: orderId, items: parcel, address };
      const told = await service.post('shipments', reference, body);
      if (told.is === 'done') return shipmentOf(told.body, told.outcome);
      throw new FulfilmentRefusedError(`The order was not shipped: ${told.why}`);
    },
    async close(reference) {
      const found = await service.close('shipments', reference);
      return found.map((members) => shipmentOf(members, 'replay'));
    },
  };
}

/** The sender of mail, over HTTP. */
export function createMailClient(options: ServiceClientOptions): Mail {
  const service = createServiceClient(options);
  return {
    async send({ reference, customerId, subject, text }) {
      const told = await service.post('mails', reference, {
        customer_id: customerId,
        subject,
        text,
      });
      if (told.is === 'done')
        return { id: textOf('mails', told.body, 'id'), outcome: told.outcome };
      throw new ServiceUnavailableError(`The mail was not sent: ${told.why}`);
    },
  };
}

function chargeOf(members: Members, outcome: Outcome): Charge {
  return {
    id: textOf('charges', members, 'id'),
    reference: textOf('charges', members, 'reference'),
    amountCents: numberOf('charges', members, 'amount_cents'),
    currency: textOf('charges', members, 'currency'),
    outcome,
  };
}

function refundOf(members: Members, outcome: Outcome): Refund {
  return {
    id: textOf('refunds', members, 'id'),
    reference: textOf('refunds', members, 'reference'),
    chargeId: textOf('refunds', members, 'charge_id'),
    amountCents: numberOf('refunds', members, 'amount_cents'),
    outcome,
  };
}

function shipmentOf(members: Members, outcome: Outcome): Shipment {
  return {
    trackingId: textOf('shipments', members, 'id'),
    reference: textOf('shipments', members, 'reference'),
    shippedAt: textOf('shipments', members, 'booked_at'),
    outcome,
  };
}
