import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import request from 'supertest';
import { type IdempotentOptions, idempotent, problemHandler } from '#http';
import { createMemoryIdempotencyStore, type IdempotencyStore } from '#idempotency';

/** Somebody else's app: plain Express, `express.json()`, one route, and the middleware in front of its handler. */
export function appOf(
  handler: RequestHandler,
  {
    errorHandler,
    ...options
  }: Partial<IdempotentOptions> & { errorHandler?: ErrorRequestHandler } = {},
) {
  let handled = 0;
  const faults: unknown[] = [];
  const store: IdempotentOptions['store'] = options.store ?? createMemoryIdempotencyStore();
  const counted: RequestHandler = (incoming, response, next) => {
    handled += 1;
    return handler(incoming, response, next);
  };

  const app = express();
  app.use(express.json());
  app.post('/orders/:id', idempotent({ tenant: () => 'shop', ...options, store }), counted);
  app.use(errorHandler ?? problemHandler({ onError: (error) => faults.push(error) }));
  return {
    app,
    store: store as IdempotencyStore,
    /** How often the handler ran. */
    handled: () => handled,
    /** What was answered with 500. */
    faults,
  };
}

export type App = ReturnType<typeof appOf>['app'];

export function post(app: App, key: string | undefined, body: string | object = { amount: 1 }) {
  const sent = request(app).post('/orders/1').set('Content-Type', 'application/json');
  return (key === undefined ? sent : sent.set('Idempotency-Key', key)).send(body);
}

/** Answers with a number that is different each time. */
export function counting(): RequestHandler {
  let count = 0;
  return (_request, response) => {
    count += 1;
    response.status(201).set('X-Count', String(count)).json({ count });
  };
}

/** Answers with this status. */
export function answering(status: number): RequestHandler {
  return (_request, response) => void response.status(status).json({ status });
}
