import express, { type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import { problemHandler } from './problem-handler.ts';
import { notFound } from './routes.ts';

/**
 * An Express app around routers and other middleware, in this order: every answer is kept out of caches,
 * and every error, an unknown path included, is a problem document.
 *
 * Trap: give each router a `problemHandler` with `onError`. An error that gets as far as the app's own is
 * answered with 500, and nobody hears of it.
 */
export function createApp(...routers: readonly (Router | RequestHandler)[]): Express {
  const app = express();
  app.disable('x-powered-by');
  // Without caches there is nothing to revalidate, and a 304 is not an answer to "what is my balance".
  app.disable('etag');
  app.set('query parser', false);
  app.use(helmet());
  app.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  for (const router of routers) app.use(router);
  app.use(notFound);
  app.use(problemHandler());
  return app;
}

/** A router in which `/Orders` is not `/orders`, and `/orders/` not `/orders`: one resource has one path. */
export function createRouter(): Router {
  return express.Router({ caseSensitive: true, strict: true });
}
