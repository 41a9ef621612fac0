export { readFlowCatalog } from './flow-catalog.ts';
export { BUSINESS_KEYS, type FlowsPart, RESERVED_NAMES } from './flows.ts';
export { type House, type HouseOptions, SEARCH_ATTRIBUTES, startHouse } from './house.ts';
export { type HouseEvent, type HttpOptions, startHttp } from './http.ts';
export {
  type HttpServer,
  type HttpServerOptions,
  PortTakenError,
  startHttpServer,
} from './http-server.ts';
export type { InventoryPart } from './inventory.ts';
export { HOUSE_MIGRATIONS } from './migrations.ts';
export type { OrdersPart } from './orders.ts';
export { type OwnReceiver, openOwnReceiver } from './own-receiver.ts';
export { type OwnServices, type OwnServicesOptions, openOwnServices } from './own-services.ts';
export { type OwnSupplier, type OwnSupplierOptions, openOwnSupplier } from './own-supplier.ts';
export type { SuperscriptPart } from './superscript.ts';
export { HOUSE_WORKFLOWS_PATH, type HouseWorkerOptions, runWorker, startWorker } from './worker.ts';
