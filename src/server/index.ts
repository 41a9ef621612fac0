export { type House, type HouseEvent, type HouseOptions, runWorker, startHouse } from './house.ts';
export {
  type HttpServer,
  type HttpServerOptions,
  PortTakenError,
  startHttpServer,
} from './http-server.ts';
