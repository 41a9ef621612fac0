import type { Request, Response, Router } from 'express';
import { createRouter, jsonBody, methodNotAllowed } from '#http';
import { fingerprint, type KeyOutcome, scoped } from '#idempotency';
import { reportKey } from '#temporal';
import { readDelivery } from './delivery-request.ts';
import { deliveryKey } from './ids.ts';
import { inventoryProblemHandler } from './order-problems.ts';
import type { OnInventoryProgress } from './progress.ts';
import type { StockStore } from './stock.ts';

export interface DeliveryRouterOptions {
  readonly stock: Pick<StockStore, 'receive'>;
  /** Secret of the fingerprint (see `fingerprint`); the same in every process. */
  readonly fingerprintKey?: string | undefined;
  readonly onProgress?: OnInventoryProgress | undefined;
}

/**
 * `POST /deliveries`, which a supplier tells of what it has sent: at least once, perhaps late, perhaps out of order. A
 * delivery is credited once, and each time that it is told gets the status and the body of the first answer; all but the
 * first are marked `Idempotent-Replayed: true`.
 *
 * Trap: the delivery's ID is the key. A supplier that makes a new one for each attempt is credited for each.
 */
export function createDeliveryRouter(options: DeliveryRouterOptions): Router {
  const router = createRouter();
  router
    .route(['/deliveries', '/deliveries/'])
    .post(jsonBody(), (request, response) => receive(options, request, response))
    .all(methodNotAllowed('POST'));
  router.use(inventoryProblemHandler(options.onProgress));
  return router;
}

async function receive(
  { stock, fingerprintKey, onProgress }: DeliveryRouterOptions,
  request: Request,
  response: Response,
): Promise<void> {
  const input = readDelivery(request);
  const { tenant, delivery_id: deliveryId, product_id: productId, quantity, reference } = input;
  const report = reportKey({ step: 'delivery' }, onProgress);
  let replayed = false;
  const onOutcome = (outcome: KeyOutcome) => {
    replayed = outcome === 'replay';
    report(outcome);
  };
  const { inStock } = await stock.receive(
    {
      key: deliveryKey(deliveryId, tenant),
      fingerprint: fingerprint(input, fingerprintKey),
      deliveryId: scoped(tenant, deliveryId),
      productId: scoped(tenant, productId),
      quantity,
      reference: reference && scoped(tenant, reference),
    },
    { by: 'POST /deliveries', onOutcome },
  );
  if (replayed) response.set('Idempotent-Replayed', 'true');
  response.json({ delivery_id: deliveryId, product_id: productId, in_stock: inStock });
}
