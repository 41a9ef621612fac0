import type { ErrorRequestHandler } from 'express';
import {
  nameMismatch,
  notSettled,
  Problem,
  type ProblemDetails,
  problemHandler,
  problemType,
  startUnknown,
} from '#http';
import { IntentMismatchError } from '#idempotency';
import { RunFailedError, TemporalUnavailableError } from '#temporal';
import { InvalidOrderError, ProductExistsError, UnknownProductError } from './errors.ts';
import type { OnInventoryProgress } from './progress.ts';

/** What this room can do about its own errors, as problems; undefined for those of others. */
export function inventoryProblem(error: unknown): Problem | undefined {
  if (error instanceof TemporalUnavailableError) return startUnknown('the order was taken', error);
  const details = detailsOf(error);
  return details && new Problem(details, { cause: error });
}

/** Answers the errors of this room's routes. */
export function inventoryProblemHandler(onProgress?: OnInventoryProgress): ErrorRequestHandler {
  return problemHandler({
    translate: inventoryProblem,
    onError: (error) => {
      // A supplier that refuses is no fault of this process, and the history tells the rest.
      if (!(error instanceof RunFailedError)) onProgress?.({ event: 'broke', error });
    },
  });
}

function detailsOf(error: unknown): ProblemDetails | undefined {
  if (error instanceof UnknownProductError) return unknownProduct(error.message);
  if (error instanceof ProductExistsError) return productExists(error.message);
  if (error instanceof InvalidOrderError) return badOrder(error.message);
  if (error instanceof IntentMismatchError) return nameMismatch(error.message);
  if (error instanceof RunFailedError) return orderFailed(error);
  return undefined;
}

function unknownProduct(detail: string): ProblemDetails {
  return { status: 404, type: problemType('unknown-product'), title: 'Unknown product', detail };
}

function productExists(detail: string): ProblemDetails {
  return { status: 409, type: problemType('product-exists'), title: 'Product exists', detail };
}

function badOrder(detail: string): ProblemDetails {
  return { status: 400, type: problemType('bad-order'), title: 'Bad order', detail };
}

function insufficientStock(detail: string): ProblemDetails {
  return {
    status: 422,
    type: problemType('insufficient-stock'),
    title: 'Insufficient stock',
    detail,
  };
}

/** A failure that the business knows is told as it is told before a start; the others need a person. */
function orderFailed({ type, message }: RunFailedError): ProblemDetails {
  if (type === 'InsufficientStockError') return insufficientStock(message);
  if (type === 'UnknownProductError') return unknownProduct(message);
  if (type === 'InvalidOrderError') return badOrder(message);
  if (type === 'IntentMismatchError') return nameMismatch(message);
  if (type === 'SupplierRefusedError') return supplierRefused();
  return notSettled(
    'order',
    "The run of this order ended without an answer, so the sale may have been made or not: look at the product's movements, then POST the same body to this order's path with /retry",
    { ended: type },
  );
}

/** What the supplier said stays in the history: it was not written for this client. */
function supplierRefused(): ProblemDetails {
  return {
    status: 502,
    type: problemType('supplier-refused'),
    title: 'Supplier refused',
    detail:
      "The sale has been made, and stands: this order gets its goods. What it left is below the reorder level, and the supplier refused to send more; the next sale asks again, and so does the same body, sent to this order's path with /retry",
    extensions: { ended: 'SupplierRefusedError' },
  };
}
