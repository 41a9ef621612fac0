export {
  createInventoryActivities,
  type InventoryActivities,
  type InventoryActivitiesOptions,
  type SaleAnswer,
  type SupplierOrderAnswer,
  type SupplierOrderInput,
} from './activities.ts';
export { createInventoryOrders, type InventoryOrdersOptions, PRODUCT_ID } from './client.ts';
export { type CreateThenValidateOptions, createThenValidate } from './create-then-validate.ts';
export {
  createDeliveries,
  type Deliveries,
  type DeliveriesOptions,
  type ToldDelivery,
} from './deliveries.ts';
export {
  DuplicateOrderError,
  InsufficientStockError,
  InvalidOrderError,
  ProductExistsError,
  type Shortage,
  StockFileError,
  SupplierRefusedError,
  SupplierUnavailableError,
  UnknownProductError,
} from './errors.ts';
export {
  createDeliveryRouter,
  createOrderRouter,
  createProductRouter,
  type DeliveryRouterOptions,
  type OrderRouterOptions,
  type ProductRouterOptions,
} from './http.ts';
export { deliveryKey, inventoryWorkflowId, saleKey, supplierOrderKey } from './ids.ts';
export { createNaiveJsonStock, type NaiveJsonStockOptions } from './json-stock.ts';
export {
  createNaiveInventoryActivities,
  type NaiveInventoryActivitiesOptions,
  type NaiveInventoryWorkerOptions,
  naiveInventoryWorkerOptions,
} from './naive.ts';
export {
  isQuantity,
  MAX_QUANTITY,
  type Order,
  type OrderInput,
  type OrderResult,
  orderFromInput,
  orderToInput,
} from './order.ts';
export type { InventoryOrders, OrderState, StartedOrder } from './orders.ts';
export { INVENTORY_MIGRATIONS } from './postgres-migrations.ts';
export {
  createPostgresStock,
  type PostgresStockOptions,
} from './postgres-stock.ts';
export type { InventoryProgress, OnInventoryProgress } from './progress.ts';
export {
  DEFAULT_SETTINGS,
  type Delivery,
  type Movement,
  type MoveOptions,
  type NewProduct,
  type Product,
  type ProductSettings,
  type Received,
  type Reorder,
  type Sale,
  type Sold,
  type StockStore,
} from './stock.ts';
export type { Supplier, SupplierOrder, SupplierRequest } from './supplier.ts';
export { createSupplierClient, type SupplierClientOptions } from './supplier-client.ts';
export {
  createSupplierLedger,
  type SupplierEffect,
  type SupplierLedger,
  type SupplierLedgerOptions,
} from './supplier-ledger.ts';
export { createSupplierRouter, type SupplierRouterOptions } from './supplier-service.ts';
export {
  INVENTORY_WORKFLOWS_PATH,
  type InventoryWorkerOptions,
  inventoryWorkerOptions,
} from './worker.ts';
export type { InventoryWorkflow } from './workflows.ts';
