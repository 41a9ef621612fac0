export {
  type House,
  type HouseEvent,
  type HouseOptions,
  runWorker,
  SEARCH_ATTRIBUTES,
  startHouse,
} from './house.ts';
export {
  type HttpServer,
  type HttpServerOptions,
  PortTakenError,
  startHttpServer,
} from './http-server.ts';
