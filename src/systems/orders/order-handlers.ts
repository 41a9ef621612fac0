import { ApplicationFailure } from '@temporalio/common';
import { condition, currentUpdateInfo, log, setHandler } from '@temporalio/workflow';
import { handlePlacing } from '#temporal/workflow';
import { MAX_NAME_LENGTH, MAX_TEXT_LENGTH } from './order.ts';
import {
  type AcceptedOrder,
  addressRefusal,
  applyUpdate,
  cancelOrderSignal,
  changeAddressUpdate,
  getOrderStateQuery,
  isOrderUpdate,
  isRemembered,
  orderUpdateSignal,
  retryCompensationSignal,
} from './order-messages.ts';
import { type OrderRun, requestCancel } from './order-run.ts';
import { isFinal } from './status.ts';

/** Sets every handler before the first step, so that no message finds nobody at home. */
export function receiveMessages(order: OrderRun): void {
  const { state } = order;
  setHandler(getOrderStateQuery, () => state);
  setHandler(orderUpdateSignal, (update) => {
    order.messages += 1;
    // A signal from outside can carry anything, and has nobody to tell.
    if (isOrderUpdate(update)) applyUpdate(state, update);
    else log.warn('An order-update-signal without an update_id was not applied');
  });
  setHandler(cancelOrderSignal, (wish) => {
    order.messages += 1;
    requestCancel(order, reasonOf(wish));
  });
  setHandler(retryCompensationSignal, () => {
    order.messages += 1;
    order.retries += 1;
  });
  setHandler(changeAddressUpdate, (address) => changeAddress(order, address), {
    validator: (address) => requireAddress(order, address),
  });
  handlePlacing('place-order', () => untilAccepted(order));
}

/** Temporal knows the ID of an update as long as its run lasts; the order knows it in the next one too. */
function changeAddress(order: OrderRun, address: string): { readonly address: string } {
  order.messages += 1;
  applyUpdate(order.state, { update_id: ownUpdateId(), address });
  return { address };
}

function requireAddress({ state }: OrderRun, address: unknown): void {
  const id = ownUpdateId();
  const known = state.updates.find(({ update_id }) => update_id === id);
  if (known?.refused === null) return;
  const refusal = known?.refused ?? idRefusal(id) ?? addressRefusal(state, address);
  if (refusal !== undefined) throw ApplicationFailure.nonRetryable(refusal, 'AddressRefusedError');
}

function idRefusal(id: string): string | undefined {
  return isRemembered(id)
    ? undefined
    : `The update ID has to be 1 to ${MAX_NAME_LENGTH} characters, and no control characters`;
}

function ownUpdateId(): string {
  const info = currentUpdateInfo();
  if (info === undefined) throw new TypeError('Only a handler of an update has an update ID');
  return info.id;
}

async function untilAccepted({ state }: OrderRun): Promise<AcceptedOrder> {
  await condition(() => state.accepted !== null || isFinal(state.status));
  const { id, accepted, failure } = state;
  if (accepted !== null) return { id, status: 'ACCEPTED', ...accepted };
  const { type, message } = failure ?? {
    type: 'OrderEndedError',
    message: 'The order is cancelled',
  };
  throw ApplicationFailure.nonRetryable(message, type);
}

function reasonOf(wish: { readonly reason?: string } | undefined): string {
  const reason: unknown = wish?.reason;
  const isText = typeof reason === 'string' && reason.trim() !== '';
  return isText ? reason.slice(0, MAX_TEXT_LENGTH) : 'Cancelled without a reason';
}
