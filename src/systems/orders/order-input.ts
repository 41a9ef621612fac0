import { InvalidOrderError } from './errors.ts';
import { flawOfOrder, type OrderInput, orderOf } from './order.ts';

/**
 * The order, and nothing else that came with it.
 *
 * @throws {InvalidOrderError}
 */
export function requireOrder(input: OrderInput): OrderInput {
  const flaw = flawOfOrder(input);
  if (flaw !== undefined) throw new InvalidOrderError(flaw);
  return orderOf(input);
}
