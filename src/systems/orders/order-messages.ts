import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { flawOfItems, flawOfText, type Item, inWords, itemOf, MAX_NAME_LENGTH } from './order.ts';
import { MAX_NOTES, MAX_UPDATES, type OrderState } from './order-state.ts';
import { isBeforeFulfilment, isBeforePayment } from './status.ts';

// Replayed with the workflow: no clock, no randomness, nothing of Node.

/** What a customer wants to be different. It is applied once for each `update_id`, however often it is sent. */
export interface OrderUpdate {
  readonly update_id: string;
  readonly address?: string;
  readonly note?: string;
  readonly items?: readonly Item[];
  /** Of all that, where the sender has one: another content under the same `update_id` can then be told. */
  readonly fingerprint?: string;
}

/** What `place-order` answers once the order was validated. */
export interface AcceptedOrder {
  readonly id: string;
  readonly status: 'ACCEPTED';
  readonly total_cents: number;
  readonly created_at: string;
}

export const orderUpdateSignal = defineSignal<[OrderUpdate]>('order-update-signal');
export const cancelOrderSignal = defineSignal<[{ readonly reason?: string }?]>('cancel-order');
export const retryCompensationSignal = defineSignal('retry-compensation');
export const getOrderStateQuery = defineQuery<OrderState>('getOrderState');
export const changeAddressUpdate = defineUpdate<{ readonly address: string }, [string]>(
  'change-address',
);

/** Whether it is an update at all: what it asks for may still be refused. */
export function isOrderUpdate(value: unknown): value is OrderUpdate {
  const { update_id: id, fingerprint } = (value ?? {}) as Partial<OrderUpdate>;
  return isRemembered(id) && (fingerprint === undefined || isRemembered(fingerprint));
}

/** Whether it may cross to the next run, a thousand times: the server ends a run that hands over more than 2 MB. */
export function isRemembered(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_NAME_LENGTH && REMEMBERED.test(value);
}

/** No control characters and no halves of one: each would take six bytes. */
const REMEMBERED = /^[^\p{Cc}\p{Cs}]+$/u;

/** Applies an update, unless it was applied before. */
export function applyUpdate(state: OrderState, update: OrderUpdate): void {
  const { update_id, fingerprint = null } = update;
  if (state.updates.some((one) => one.update_id === update_id)) return;

  const refused = refusalOf(state, update) ?? null;
  if (refused === null) change(state, update);
  const known = [...state.updates, { update_id, refused, fingerprint }];
  state.updates = known.slice(-MAX_UPDATES);
}

/** Why an address cannot be changed to this one now; undefined where it can. */
export function addressRefusal(state: OrderState, address: unknown): string | undefined {
  const flaw = flawOfText('address', address);
  if (flaw !== undefined) return inWords(flaw);
  if (isBeforeFulfilment(state.status)) return undefined;
  return `The order is ${state.status}: its address is changed before it is fulfilled, or not at all`;
}

function refusalOf(state: OrderState, { address, note, items }: OrderUpdate): string | undefined {
  if (address === undefined && note === undefined && items === undefined) {
    return 'The update changes nothing: it has to have an address, a note or items';
  }
  if (address !== undefined) {
    const refusal = addressRefusal(state, address);
    if (refusal !== undefined) return refusal;
  }
  const flaw =
    (note === undefined ? undefined : flawOfText('note', note)) ??
    (items === undefined ? undefined : flawOfItems(items));
  if (flaw !== undefined) return inWords(flaw);
  if (items === undefined || isBeforePayment(state.status)) return undefined;
  return `The order is ${state.status}: its items are changed before the payment, or not at all`;
}

/** All of it or nothing: a refusal has been looked for before. */
function change(state: OrderState, { address, note, items }: OrderUpdate): void {
  if (address !== undefined) state.address = address;
  if (note !== undefined) state.notes = [...state.notes, note].slice(-MAX_NOTES);
  if (items !== undefined) {
    state.items = items.map(itemOf);
    state.revision += 1;
  }
}
