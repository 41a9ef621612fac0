import type { Request } from 'express';
import {
  JsonNumber,
  objectBody,
  Problem,
  parseId,
  parsePathId,
  problemType,
  tenantOf,
} from '#http';
import type { Account } from './accounts.ts';
import type { Fee } from './fee.ts';
import { centsFromText } from './money.ts';

/**
 * The fee that a request asks for: order ID from the path, tenant from who asks, the rest from the body. The one place where the
 * outside's snake_case and units become ours.
 *
 * @throws {Problem} 400
 */
export function readFee(request: Request): Fee {
  const orderId = readOrderId(request);
  const tenant = tenantOf(request);
  const body = objectBody(request);
  return {
    ...(tenant !== undefined && { tenant }),
    orderId,
    accountId: parseId('Account ID', body.account_id),
    amountCents: readCents(body.amount, AMOUNT),
  };
}

/** @throws {Problem} 400 */
export function readOrderId(request: Request): string {
  return parsePathId('Order ID', request.params.orderId);
}

/** @throws {Problem} 400 */
export function readAccount(request: Request): Account {
  const body = objectBody(request);
  return {
    accountId: parseId('Account ID', body.account_id),
    balanceCents: readCents(body.balance, BALANCE),
  };
}

interface Rule {
  readonly type: string;
  readonly leastCents: number;
  readonly demand: string;
}

const AMOUNT: Rule = {
  type: 'bad-amount',
  leastCents: 1,
  demand: 'Amount must be greater than zero',
};
const BALANCE: Rule = {
  type: 'bad-balance',
  leastCents: 0,
  demand: 'Balance must be zero or more',
};

const SPELLING =
  'a JSON number of at most two decimals and fifteen digits, without sign or exponent';

/**
 * Trap: this reads what the client wrote, not what a parser made of it. 1e1 is refused with 1e400: whether
 * an exponent is money would otherwise hang on the number of its decimals.
 */
function readCents(value: unknown, rule: Rule): number {
  const cents = centsOf(value);
  if (cents !== undefined && cents >= rule.leastCents) return cents;

  const told = cents === undefined ? `${rule.demand}: ${SPELLING}` : rule.demand;
  throw new Problem({
    status: 400,
    type: problemType(rule.type),
    title: rule.demand,
    detail: told,
  });
}

function centsOf(value: unknown): number | undefined {
  if (!(value instanceof JsonNumber)) return undefined;
  try {
    return centsFromText(value.text);
  } catch {
    return undefined;
  }
}
