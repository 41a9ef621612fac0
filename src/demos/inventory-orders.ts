import { parseId } from '#http';
import { isQuantity, type Order } from '#systems/inventory';
import { onLine, readRows } from './csv-file.ts';
import { BadFileError } from './text-file.ts';

/**
 * Reads orders: `order_id,product_id,quantity`, a header and a line each. A row may come twice, as it does after a
 * double click or a retried upload.
 *
 * @throws {BadFileError} naming the line, before anything is sent
 */
export async function readInventoryOrders(path: string): Promise<readonly Order[]> {
  const rows = await readRows(path, ['order_id', 'product_id', 'quantity']);
  const orders = rows.map(({ line, values: { order_id, product_id, quantity } }) =>
    onLine(path, line, () => ({
      orderId: parseId('Order ID', order_id),
      productId: parseId('Product ID', product_id),
      quantity: quantityFromText(quantity ?? ''),
    })),
  );
  if (orders.length === 0) throw new BadFileError(path, 1, 'it has no orders');
  return orders;
}

function quantityFromText(text: string): number {
  const quantity = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (isQuantity(quantity)) return quantity;
  const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
  throw new Error(`quantity ${shown} has to be a whole number from 1 to a thousand million`);
}
