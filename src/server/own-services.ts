import type { Router } from 'express';
import { createRouter } from '#http';
import { unscoped } from '#idempotency';
import {
  type Booked,
  type ChargeEntry,
  createFulfilmentRouter,
  createGatewayRouter,
  createMailRouter,
  createPaymentWebhooks,
  createServiceBooks,
  createServiceClients,
  type OrderServices,
  type ShipmentEntry,
} from '#systems/orders';
import {
  type Customer,
  type OwnService,
  type OwnServiceOptions,
  openOwnService,
} from './own-service.ts';

export interface OwnServicesOptions extends Pick<OwnServiceOptions, 'tenants'> {
  /** Hears of each webhook that was not taken. It is told again. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** A payment gateway, a fulfilment and a sender of mail for a house that has none, in this process. */
export interface OwnServices extends OwnService {
  /** Asks them over HTTP, as any others. */
  readonly services: OrderServices;
}

const PATH = '/services';

/**
 * `/services/charges`, `/refunds`, `/shipments` and `/mails`. The customer `declined` is charged nothing, and the sku
 * `out-of-stock` is not shipped, so that both can be tried out.
 *
 * Trap: their books and keys are in memory. Nothing that they know outlives the process, and two processes have two of
 * each: several of them share some by GATEWAY_URL, FULFILMENT_URL and MAIL_URL.
 */
export async function openOwnServices({
  tenants,
  onFault,
}: OwnServicesOptions): Promise<OwnServices> {
  const routes = (customer: Customer) => serviceRoutes(customer, onFault);
  const own = await openOwnService({ tenants, path: PATH, routes });
  const address = { ...own.address, url: `${own.address.url}${PATH}` };
  return { ...own, services: createServiceClients(address) };
}

function serviceRoutes({ reach, ended }: Customer, onFault: OwnServicesOptions['onFault']): Router {
  const books = createServiceBooks();
  const tell = async (charge: Booked<ChargeEntry>) => {
    // To whom is told by the reference, which bears its tenant's name.
    const house = await reach('/webhooks/payments', charge.reference);
    await createPaymentWebhooks({ ...house, ...(onFault && { onFault }) }).tell(charge, ended);
  };
  // Nothing but its own end ends a webhook.
  const onCharge = (charge: Booked<ChargeEntry>) => void tell(charge).catch(() => {});
  const router = createRouter();
  router.use(
    PATH,
    createGatewayRouter({ books, declines, onCharge }),
    createFulfilmentRouter({ books, refuses }),
    createMailRouter({ books }),
  );
  return router;
}

function declines({ customer_id }: ChargeEntry): string | undefined {
  return unscoped(customer_id) === 'declined' ? 'The card was declined' : undefined;
}

function refuses({ items }: ShipmentEntry): string | undefined {
  const isMissing = items.some(({ sku }) => sku === 'out-of-stock');
  return isMissing ? '"out-of-stock" is out of stock' : undefined;
}
