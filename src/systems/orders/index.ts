export {
  type CurrentOrder,
  createOrderActivities,
  type OrderActivities,
  type OrderActivitiesOptions,
  type ShipmentAnswer,
  type ShipmentInput,
  type ValidatedOrder,
} from './activities.ts';
export { type Booked, type BookedEffect, type Books, createBooks } from './books.ts';
export { createOrders, type OrdersOptions } from './client.ts';
export {
  FulfilmentRefusedError,
  InvalidOrderError,
  OrderEndedError,
  OrderNotOpenError,
  OrderRefusedError,
  PaymentDeclinedError,
  PaymentNotMadeError,
  RefundRefusedError,
  ServiceUnavailableError,
} from './errors.ts';
export type { Fulfilment, Shipment, ShipmentRequest } from './fulfilment.ts';
export type { Charge, ChargeRequest, PaymentGateway, Refund, RefundRequest } from './gateway.ts';
export { createOrderRouter, type OrderRouterOptions } from './http.ts';
export {
  chargeKey,
  confirmationKey,
  orderWorkflowId,
  paymentWorkflowId,
  refundKey,
  shipmentKey,
} from './ids.ts';
export type { Mail, MailRequest, SentMail } from './mail.ts';
export { createMemoryOrders, type MemoryOrdersOptions } from './memory-orders.ts';
export {
  createNaiveOrderActivities,
  type NaiveOrderActivitiesOptions,
  type NaiveOrderWorkerOptions,
  naiveOrderWorkerOptions,
} from './naive.ts';
export type { NaiveOrderWorkflow } from './naive-workflow.ts';
export {
  flawOfOrder,
  type Item,
  MAX_ITEMS,
  MAX_PRICE_CENTS,
  MAX_QUANTITY,
  MAX_TEXT_LENGTH,
  type OrderInput,
  type OrderResult,
  totalCentsOf,
} from './order.ts';
export type { AcceptedOrder, OrderUpdate } from './order-messages.ts';
export type { PaymentAnswer, PaymentInput } from './order-payment.ts';
export {
  type AppliedUpdate,
  type Compensation,
  enter,
  type Failure,
  type OrderState,
  openState,
} from './order-state.ts';
export type { OrderDraft, OrderEffect, OrderRecord, OrderStore } from './order-store.ts';
export type { Orders, OrderView, PlacedOrder, SentUpdate } from './orders.ts';
export type { RefundAnswer } from './payment-activities.ts';
export type { PaymentWorkflow } from './payment-workflow.ts';
export { ORDER_MIGRATIONS } from './postgres-migrations.ts';
export { createPostgresOrders, type PostgresOrdersOptions } from './postgres-orders.ts';
export type { OnOrderProgress, OrderProgress } from './progress.ts';
export {
  CUSTOMER_ID,
  IDEMPOTENCY_OUTCOME,
  ORDER_ATTRIBUTES,
  ORDER_STATUS,
} from './search-attributes.ts';
export type { Asked, Behave, Behaviour } from './service-behaviour.ts';
export {
  type ChargeEntry,
  createServiceBooks,
  type MailEntry,
  type RefundEntry,
  type ServiceBooks,
  type ShipmentEntry,
} from './service-books.ts';
export type { ServiceClientOptions } from './service-client.ts';
export {
  createFulfilmentClient,
  createGatewayClient,
  createMailClient,
  createServiceClients,
  type OrderServices,
} from './service-clients.ts';
export type { ServiceOptions } from './service-router.ts';
export {
  createFulfilmentRouter,
  createGatewayRouter,
  createMailRouter,
  type FulfilmentOptions,
  type GatewayOptions,
  type MailOptions,
} from './services.ts';
export { isFinal, mayBecome, type OrderStatus, TRANSITIONS } from './status.ts';
export {
  createPaymentWebhooks,
  type PaymentEvent,
  type PaymentWebhooks,
  type PaymentWebhooksOptions,
  type ToldPayment,
} from './webhooks.ts';
export {
  ORDER_WORKFLOWS_PATH,
  type OrderWorkerOptions,
  orderWorkerOptions,
} from './worker.ts';
export type { CreateOrderWorkflow } from './workflows.ts';
